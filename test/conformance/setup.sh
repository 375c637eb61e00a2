# Empties the engine under test and provides busybox, from the same file everywhere.
docker ps -aq | xargs -r docker rm -f -v
docker volume ls -q | xargs -r docker volume rm -f
docker network prune -f
for i in 1 2 3 4 5 6; do
  images=$(docker images -aq --no-trunc | sort -u)
  [ -n "$images" ] || break
  docker rmi -f $images
done
docker import -c 'CMD ["sh"]' "$FIXTURES/busybox.tar" busybox:latest

# A registry on localhost:5000. The image registry:2 is pulled, or imported where REGISTRY_TAR names an archive of it.
registry_up() {
  [ -z "$REGISTRY_TAR" ] ||
    docker import -c 'ENTRYPOINT ["/entrypoint.sh"]' -c 'CMD ["/etc/docker/registry/config.yml"]' -c 'EXPOSE 5000' -c 'VOLUME /var/lib/registry' "$REGISTRY_TAR" registry:2
  docker run -d --name registry -p 5000:5000 "$@" registry:2
  for i in 1 2 3 4 5 6 7 8 9 10; do curl -s http://localhost:5000/v2/ && break; sleep 0.3; done
} >/dev/null 2>&1
