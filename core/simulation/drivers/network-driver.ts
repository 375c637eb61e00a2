import type { NetworkDriver } from "../../networks/driver.ts";
import type { Kernel } from "../kernel/kernel.ts";
export class SimulatedNetworkDriver implements NetworkDriver {
  constructor(_kernel: Kernel) {}
  async createNetwork() {} async deleteNetwork() {} async createSandbox(s: string) { return { key: "/var/run/docker/netns/" + s.slice(0, 12) }; }
  async deleteSandbox() {} async join() {} async leave() {} async publish(_s: any, _e: any, m: any) { return m; } async unpublish() {}
}
