import type { Flag, FlagOptions } from "../flags.ts";
import { readCsv } from "../go/csv.ts";
import { parseBool, parseUnsigned } from "../go/strconv.ts";
import { parseMemory } from "../go/units.ts";
import { gathered } from "./lists.ts";

/** A mount as the API takes it. */
export interface Mount {
  Type: string;
  Source?: string;
  Target?: string;
  ReadOnly?: boolean;
  Consistency?: string;
  BindOptions?: {
    Propagation?: string;
    NonRecursive?: boolean;
    ReadOnlyNonRecursive?: boolean;
    ReadOnlyForceRecursive?: boolean;
  };
  VolumeOptions?: {
    NoCopy?: boolean;
    Labels?: Record<string, string>;
    Subpath?: string;
    DriverConfig: { Name?: string; Options?: Record<string, string> };
  };
  ImageOptions?: { Subpath?: string };
  TmpfsOptions?: { SizeBytes?: number; Mode?: number };
}

/** --mount type=bind,source=/host,target=/inside,readonly; may be given several times. */
export function mount(options: FlagOptions): Flag<Mount[]> {
  return { ...options, type: "mount", start: () => gathered(parseMount) };
}

/** A mount of one --mount. Throws docker's texts. */
export function parseMount(text: string): Mount {
  const draft = new MountDraft();
  for (const field of readCsv(text)) draft.take(field);
  return draft.finish();
}

type Bind = NonNullable<Mount["BindOptions"]>;
type Volume = NonNullable<Mount["VolumeOptions"]>;

class MountDraft {
  #type = "volume";
  #source = "";
  #target = "";
  #readOnly = false;
  #consistency = "";
  #bind: Bind | undefined;
  #volume: Volume | undefined;
  #image: { Subpath?: string } | undefined;
  #tmpfs: { SizeBytes?: number; Mode?: number } | undefined;

  take(field: string): void {
    const equals = field.indexOf("=");
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    if (equals < 0) this.#switch(key, field);
    else this.#set(key, field.slice(equals + 1), field);
  }

  #switch(key: string, field: string): void {
    if (key === "readonly" || key === "ro") this.#readOnly = true;
    else if (key === "volume-nocopy") this.#volumeOptions().NoCopy = true;
    else if (key === "bind-nonrecursive") this.#bindOptions().NonRecursive = true;
    else throw new Error(`invalid field '${field}' must be a key=value pair`);
  }

  #set(key: string, value: string, field: string): void {
    const invalid = new Error(`invalid value for ${key}: ${value}`);
    const valid = <T>(parse: (text: string) => T): T => {
      try {
        return parse(value);
      } catch {
        throw invalid;
      }
    };
    switch (key) {
      case "type":
        this.#type = value.toLowerCase();
        break;
      case "source":
      case "src":
        this.#source = value;
        break;
      case "target":
      case "dst":
      case "destination":
        this.#target = value;
        break;
      case "readonly":
      case "ro":
        this.#readOnly = valid(parseBool);
        break;
      case "consistency":
        this.#consistency = value.toLowerCase();
        break;
      case "bind-propagation":
        this.#bindOptions().Propagation = value.toLowerCase();
        break;
      case "bind-nonrecursive":
        this.#bindOptions().NonRecursive = valid(parseBool);
        break;
      case "bind-recursive":
        this.#recursive(value);
        break;
      case "volume-subpath":
        this.#volumeOptions().Subpath = value;
        break;
      case "volume-nocopy":
        this.#volumeOptions().NoCopy = valid(parseBool);
        break;
      case "volume-label":
        assign((this.#volumeOptions().Labels ??= {}), value);
        break;
      case "volume-driver":
        this.#volumeOptions().DriverConfig.Name = value;
        break;
      case "volume-opt":
        assign((this.#volumeOptions().DriverConfig.Options ??= {}), value);
        break;
      case "image-subpath":
        (this.#image ??= {}).Subpath = value;
        break;
      case "tmpfs-size":
        (this.#tmpfs ??= {}).SizeBytes = valid(parseMemory);
        break;
      case "tmpfs-mode":
        (this.#tmpfs ??= {}).Mode = valid((text) => parseUnsigned(`0o${text.replace(/^0+(?=.)/, "")}`, 32));
        break;
      default:
        throw new Error(`unexpected key '${key}' in '${field}'`);
    }
  }

  #recursive(value: string): void {
    if (value === "disabled") this.#bindOptions().NonRecursive = true;
    else if (value === "writable") this.#bindOptions().ReadOnlyNonRecursive = true;
    else if (value === "readonly") this.#bindOptions().ReadOnlyForceRecursive = true;
    else if (value !== "enabled")
      throw new Error(
        `invalid value for bind-recursive: ${value} (must be "enabled", "disabled", "writable", or "readonly")`,
      );
  }

  #bindOptions(): Bind {
    return (this.#bind ??= {});
  }

  #volumeOptions(): Volume {
    return (this.#volume ??= { DriverConfig: {} });
  }

  finish(): Mount {
    const type = this.#type;
    if (type === "") throw new Error("type is required");
    if (this.#target === "") throw new Error("target is required");
    const mixed = (kind: string) => new Error(`cannot mix '${kind}-*' options with mount type '${type}'`);
    if (this.#volume && type !== "volume") throw mixed("volume");
    if (this.#image && type !== "image") throw mixed("image");
    if (this.#bind && type !== "bind") throw mixed("bind");
    if (this.#tmpfs && type !== "tmpfs") throw mixed("tmpfs");
    if (this.#bind) checkRecursion(this.#bind, this.#readOnly);
    return {
      Type: type,
      ...filled({
        Source: this.#source,
        Target: this.#target,
        ReadOnly: this.#readOnly,
        Consistency: this.#consistency,
      }),
      ...(this.#bind ? { BindOptions: ordered(this.#bind, bindOrder) } : {}),
      ...(this.#volume ? { VolumeOptions: this.#volumeAnswer(this.#volume) } : {}),
      ...(this.#image ? { ImageOptions: filled(this.#image) } : {}),
      ...(this.#tmpfs ? { TmpfsOptions: ordered(this.#tmpfs, ["SizeBytes", "Mode"]) } : {}),
    };
  }

  #volumeAnswer(volume: Volume): Volume {
    const { Name, Options } = volume.DriverConfig;
    const driver = { ...filled({ Name }), ...(Options ? { Options: sorted(Options) } : {}) };
    const labels = volume.Labels ? { Labels: sorted(volume.Labels) } : {};
    return {
      ...filled({ NoCopy: volume.NoCopy }),
      ...labels,
      ...filled({ Subpath: volume.Subpath }),
      DriverConfig: driver,
    };
  }
}

function checkRecursion(bind: Bind, readOnly: boolean): void {
  const alone = (mode: string, other: string) =>
    new Error(`option 'bind-recursive=${mode}' requires '${other}' to be specified in conjunction`);
  if (bind.ReadOnlyNonRecursive && !readOnly) throw alone("writable", "readonly");
  if (!bind.ReadOnlyForceRecursive) return;
  if (!readOnly) throw alone("readonly", "readonly");
  if (bind.Propagation !== "rprivate") throw alone("readonly", "bind-propagation=rprivate");
}

const bindOrder = ["Propagation", "NonRecursive", "ReadOnlyNonRecursive", "ReadOnlyForceRecursive"] as const;

/** What has a value, as Go's omitempty leaves out what has none. */
function filled<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as Partial<T>;
}

function ordered<T extends object>(fields: T, order: readonly (keyof T)[]): T {
  return filled(Object.fromEntries(order.map((name) => [name, fields[name]])) as T) as T;
}

function sorted(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function assign(target: Record<string, string>, text: string): void {
  const equals = text.indexOf("=");
  const key = equals < 0 ? text : text.slice(0, equals);
  if (key !== "") target[key] = equals < 0 ? "" : text.slice(equals + 1);
}
