import { humanDuration } from "../units.ts";

/** swarm.Info of the API, as far as it is printed. */
export interface SwarmInfo {
  NodeID: string;
  NodeAddr: string;
  LocalNodeState: string;
  ControlAvailable: boolean;
  Error: string;
  RemoteManagers: { Addr: string }[] | null;
  Nodes?: number;
  Managers?: number;
  Cluster?: {
    ID: string;
    DefaultAddrPool?: string[] | null;
    SubnetSize?: number;
    DataPathPort?: number;
    RootRotationInProgress: boolean;
    Spec: {
      Orchestration: { TaskHistoryRetentionLimit?: number };
      Raft: {
        SnapshotInterval?: number;
        KeepOldSnapshots?: number;
        HeartbeatTick: number;
        ElectionTick: number;
      };
      Dispatcher: { HeartbeatPeriod?: number };
      CAConfig: {
        NodeCertExpiry?: number;
        ForceRotate: number;
        SigningCACert?: string;
        ExternalCAs?: { Protocol: string; URL: string }[] | null;
      };
      EncryptionConfig: { AutoLockManagers: boolean };
    };
  } | null;
}

/** The lines below "Swarm:" of `docker info`, none where the engine is in no swarm. */
export function swarmLines(swarm: SwarmInfo): string[] {
  if (swarm.LocalNodeState === "inactive" || swarm.LocalNodeState === "locked") return [];
  const managers = (swarm.RemoteManagers ?? []).map(({ Addr }) => Addr).sort();
  const leads = swarm.ControlAvailable && swarm.Error === "" && swarm.LocalNodeState !== "error";
  return [
    `  NodeID: ${swarm.NodeID}`,
    ...(swarm.Error ? [`  Error: ${swarm.Error}`] : []),
    `  Is Manager: ${swarm.ControlAvailable}`,
    ...(swarm.Cluster && leads ? clusterLines(swarm, swarm.Cluster) : []),
    `  Node Address: ${swarm.NodeAddr}`,
    ...(managers.length ? ["  Manager Addresses:", ...managers.map((address) => `   ${address}`)] : []),
  ];
}

function clusterLines(swarm: SwarmInfo, cluster: NonNullable<SwarmInfo["Cluster"]>): string[] {
  const { Orchestration, Raft, Dispatcher, CAConfig, EncryptionConfig } = cluster.Spec;
  const certificate = CAConfig.SigningCACert?.trim();
  const span = (nanoseconds = 0) => humanDuration(nanoseconds / 1e9);
  return [
    `  ClusterID: ${cluster.ID}`,
    `  Managers: ${swarm.Managers ?? 0}`,
    `  Nodes: ${swarm.Nodes ?? 0}`,
    ...(cluster.DefaultAddrPool
      ? [
          `  Default Address Pool: ${cluster.DefaultAddrPool.map((pool) => `${pool}  `).join("")}`,
          `  SubnetSize: ${cluster.SubnetSize ?? 0}`,
        ]
      : []),
    ...(cluster.DataPathPort ? [`  Data Path Port: ${cluster.DataPathPort}`] : []),
    "  Orchestration:",
    `   Task History Retention Limit: ${Orchestration.TaskHistoryRetentionLimit ?? 0}`,
    "  Raft:",
    `   Snapshot Interval: ${Raft.SnapshotInterval ?? 0}`,
    ...(Raft.KeepOldSnapshots === undefined
      ? []
      : [`   Number of Old Snapshots to Retain: ${Raft.KeepOldSnapshots}`]),
    `   Heartbeat Tick: ${Raft.HeartbeatTick}`,
    `   Election Tick: ${Raft.ElectionTick}`,
    "  Dispatcher:",
    `   Heartbeat Period: ${span(Dispatcher.HeartbeatPeriod)}`,
    "  CA Configuration:",
    `   Expiry Duration: ${span(CAConfig.NodeCertExpiry)}`,
    `   Force Rotate: ${CAConfig.ForceRotate}`,
    ...(certificate ? [`   Signing CA Certificate: \n${certificate}\n`] : []),
    ...(CAConfig.ExternalCAs?.length
      ? ["   External CAs:", ...CAConfig.ExternalCAs.map(({ Protocol, URL }) => `     ${Protocol}: ${URL}`)]
      : []),
    `  Autolock Managers: ${EncryptionConfig.AutoLockManagers}`,
    `  Root Rotation In Progress: ${cluster.RootRotationInProgress}`,
  ];
}
