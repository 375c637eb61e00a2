import type { Kernel } from "../kernel.ts";
import type { Process } from "../process.ts";
import { socketTable } from "../../network/socket-table.ts";

const hex = (number: number, digits: number) => number.toString(16).toUpperCase().padStart(digits, "0");

/** "0100007F:0050", as /proc/net/tcp has addresses: little endian. */
function hexAddress(address: string, port: number): string {
  const digits = address
    .split(".")
    .map((each) => hex(Number(each), 2))
    .reverse()
    .join("");
  return `${digits}:${hex(port, 4)}`;
}

const stateNumbers: Record<string, number> = {
  ESTABLISHED: 1,
  LISTEN: 10,
  SYN_SENT: 2,
  CLOSE: 7,
  CLOSE_WAIT: 8,
  FIN_WAIT2: 5,
};

/** /proc/PID/net: what a process's network namespace shows. */
export function netFiles(_kernel: Kernel, process: Process): Record<string, () => string> {
  const { net } = process.namespaces;
  const table = (protocol: "tcp" | "udp") => {
    const header =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    const rows = socketTable(net)
      .filter((socket) => socket.protocol === protocol && socket.family === "inet")
      .map((socket, index) => {
        const state = protocol === "udp" ? 7 : (stateNumbers[socket.state] ?? 1);
        const local = hexAddress(socket.local.address, socket.local.port);
        const remote = hexAddress(socket.remote.address, socket.remote.port);
        const rest = `00000000:00000000 00:00000000 00000000 ${String(socket.uid).padStart(5)}        0 ${socket.inode} 1 0000000000000000 100 0 0 10 0`;
        return `${String(index).padStart(4)}: ${local} ${remote} ${hex(state, 2)} ${rest}\n`;
      });
    return header + rows.join("");
  };
  return {
    dev() {
      const header =
        "Inter-|   Receive                                                |  Transmit\n" +
        " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n";
      const row = (name: string, rx: [number, number], tx: [number, number]) =>
        `${name.padStart(6)}: ${String(rx[0]).padStart(7)} ${String(rx[1]).padStart(7)}    0    0    0     0          0         0 ` +
        `${String(tx[0]).padStart(8)} ${String(tx[1]).padStart(7)}    0    0    0     0       0          0\n`;
      return (
        header +
        net.interfaces
          .map((each) => row(each.name, [each.rxBytes, each.rxPackets], [each.txBytes, each.txPackets]))
          .join("")
      );
    },
    route() {
      const header = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
      const four = (address: string) => hexAddress(address, 0).slice(0, 8);
      const rows = net.allRoutes().filter((route) => !route.destination.includes(":"));
      const line = (route: (typeof rows)[number]) => {
        const [network = "0.0.0.0", bits = "0"] =
          route.destination === "default" ? ["0.0.0.0", "0"] : route.destination.split("/");
        const number = Number(bits) === 0 ? 0 : (0xffffffff << (32 - Number(bits))) >>> 0;
        const netmask = [number >>> 24, (number >> 16) & 255, (number >> 8) & 255, number & 255].join(".");
        const flags = route.gateway ? "0003" : "0001";
        return `${route.interfaceName}\t${four(network)}\t${four(route.gateway || "0.0.0.0")}\t${flags}\t0\t0\t0\t${four(netmask)}\t0\t0\t0\n`;
      };
      return header + rows.map(line).join("");
    },
    tcp: () => table("tcp"),
    udp: () => table("udp"),
    tcp6: () =>
      "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n",
    udp6: () =>
      "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n",
    unix: () => "Num       RefCount Protocol Flags    Type St Inode Path\n",
  };
}
