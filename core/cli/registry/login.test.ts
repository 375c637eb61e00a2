import { expect, test } from "vitest";
import { utf8 } from "../../platform/bytes.ts";
import { docker } from "../cli.testing.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";

test("docker login asks the engine; credentials that are kept already are left alone", async () => {
  const argv = ["login", "-u", "me", "--password-stdin", "http://localhost:5000/v2/"];
  const { status, out, err, requests } = await docker(argv, {
    stdin: "secret\n",
    files: {
      "/home/me/.docker/config.json": `{"auths":{"localhost:5000":{"auth":"${encodeBase64(utf8("me:secret"))}"}}}`,
    },
    answers: { "POST /auth": () => ({ IdentityToken: "", Status: "Login Succeeded" }) },
  });
  expect({ status, out, err }).toEqual({ status: 0, out: "Login Succeeded\n", err: "" });
  expect(JSON.parse(requests.at(-1)!.body)).toEqual({
    username: "me",
    password: "secret",
    serveraddress: "localhost:5000",
  });
});

test.each([
  [
    ["login", "-p", "x", "--password-stdin"],
    "conflicting options: cannot specify both --password and --password-stdin\n",
  ],
  [["login", "--password-stdin"], "the --password-stdin option requires --username to be set\n"],
  [["login", "-u", ""], "username is empty\n"],
  [["login"], "Error: Cannot perform an interactive login from a non TTY device\n"],
])("%j is refused", async (argv, err) =>
  expect(await docker(argv)).toMatchObject({ status: 1, out: "", err }),
);

test("base64 there and back", () => {
  for (const length of [0, 1, 2, 3, 4, 255]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37) & 255);
    expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
  }
  expect(encodeBase64(Uint8Array.of(0xfb, 0xff), true)).toBe("-_8=");
});
