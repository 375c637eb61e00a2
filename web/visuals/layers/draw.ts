import { select, type Selection } from "d3-selection";
import "d3-transition";
import { zoom, zoomIdentity, type ZoomBehavior } from "d3-zoom";
import type { Box, Flag, Scene } from "./scene.ts";

const rowHeight = 62;
const boxHeight = 46;
const duration = 350;

/** A drawing of the layers in an SVG element; `show` moves it to a new scene. */
export interface LayersDrawing {
  show(scene: Scene): void;
  /** Shows all of it. */
  fit(): void;
  destroy(): void;
}

/** Draws into `svg`; `choose` is called with the box that is clicked or chosen by key. */
export function drawLayers(svg: SVGSVGElement, choose: (box: Box) => void): LayersDrawing {
  const top = select(svg);
  const world = top.append("g").attr("class", "world");
  const sheets = world.append("g");
  const flags = world.append("g");
  const zooming: ZoomBehavior<SVGSVGElement, unknown> = zoom<SVGSVGElement, unknown>()
    .scaleExtent([0.15, 2])
    .on("zoom", (event) => world.attr("transform", event.transform));
  top.call(zooming);
  // Reduced motion is a wish of the reader's.
  const time = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : duration;
  let shown: Scene = { boxes: [], flags: [], width: 0, rows: 0 };
  let moved = false;
  zooming.on("start", (event) => (moved ||= event.sourceEvent !== null && event.sourceEvent !== undefined));

  const yOf = (row: number) => -(row + 1) * rowHeight;

  function fit(animated = true): void {
    const { width: room, height } = svg.getBoundingClientRect();
    const wanted = { width: Math.max(1, shown.width), height: Math.max(1, shown.rows * rowHeight + 40) };
    const scale = Math.min(1.15, (room - 48) / wanted.width, (height - 32) / wanted.height);
    const k = Math.max(0.15, scale);
    const transform = zoomIdentity.translate((room - wanted.width * k) / 2, height - 20).scale(k);
    if (animated && time > 0) top.transition("fit").duration(time).call(zooming.transform, transform);
    else top.call(zooming.transform, transform);
  }

  return {
    show(scene) {
      shown = scene;
      drawBoxes(sheets, scene.boxes, yOf, time, choose);
      drawFlags(flags, scene.flags, yOf, time);
      if (!moved) fit();
    },
    fit() {
      moved = false;
      fit();
    },
    destroy: () => void top.selectAll("*").remove(),
  };
}

type Group = Selection<SVGGElement, unknown, null, undefined>;

function drawBoxes(
  into: Group,
  boxes: Box[],
  yOf: (row: number) => number,
  time: number,
  choose: (box: Box) => void,
): void {
  into
    .selectAll<SVGGElement, Box>("g.box")
    .data(boxes, (box) => box.key)
    .join(
      (enter) => {
        const group = enter
          .append("g")
          .attr("tabindex", 0)
          .attr("role", "button")
          .style("opacity", 0)
          .attr("transform", (box) => `translate(${box.x},${yOf(box.row) - 24})`)
          .on("click", (_event, box) => choose(box))
          .on("keydown", (event: KeyboardEvent, box) => {
            if (event.key === "Enter" || event.key === " ") {
              event.preventDefault();
              choose(box);
            }
          });
        group
          .append("rect")
          .attr("height", boxHeight)
          .attr("rx", 6)
          .attr("width", (box) => box.width);
        group.append("circle").attr("class", "state").attr("r", 5).attr("cx", 14).attr("cy", 16);
        group.append("text").attr("class", "title").attr("y", 21);
        group.append("text").attr("class", "subtitle").attr("y", 37);
        group.append("title");
        return group;
      },
      (update) => update,
      (exit) =>
        exit
          .classed("leaving", true)
          .transition()
          .duration(time)
          .style("opacity", 0)
          .attr("transform", (box) => `translate(${box.x},${yOf(box.row) - 30})`)
          .remove(),
    )
    .attr("class", (box) => `box ${box.kind} ${box.dangling ? "dangling" : ""} ${box.state}`)
    .attr("data-key", (box) => box.key)
    .attr(
      "aria-label",
      (box) => `${box.kind} ${box.title}, ${box.subtitle}${box.dangling ? ", dangling" : ""}`,
    )
    .each(function (box) {
      const group = select(this);
      const indent = box.kind === "container" ? 26 : 12;
      group.select("rect").transition().duration(time).attr("width", box.width);
      group
        .select("text.title")
        .attr("x", indent)
        .text(clip(box.title, box.width - indent - 6, 13));
      group
        .select("text.subtitle")
        .attr("x", indent)
        .text(clip(subtitle(box), box.width - indent - 6, 12));
      group.select("title").text(`${box.title}\n${box.id}`);
    })
    .transition()
    .duration(time)
    .style("opacity", 1)
    .attr("transform", (box) => `translate(${box.x},${yOf(box.row)})`);
}

function drawFlags(into: Group, flags: Flag[], yOf: (row: number) => number, time: number): void {
  const place = (flag: Flag) => `translate(${flag.x},${yOf(flag.row) - 14})`;
  into
    .selectAll<SVGGElement, Flag>("g.flag")
    .data(flags, (flag) => flag.key)
    .join(
      (enter) => {
        const group = enter.append("g").attr("class", "flag").style("opacity", 0).attr("transform", place);
        group.append("path");
        group.append("text").attr("x", 8).attr("y", 14);
        return group;
      },
      (update) => update,
      (exit) => exit.classed("leaving", true).transition().duration(time).style("opacity", 0).remove(),
    )
    .attr("data-tag", (flag) => flag.key)
    .each(function (flag) {
      const group = select(this);
      const { width } = flag;
      group.select("path").attr("d", `M0 0H${width}l-7 10l7 10H0z`);
      group.select("text").text(clip(flag.text, width - 14, 12));
    })
    .transition()
    .duration(time)
    .style("opacity", 1)
    .attr("transform", place);
}

function subtitle(box: Box): string {
  if (!box.changes) return box.subtitle;
  const { added, changed, deleted } = box.changes;
  const counts = [added && `+${added}`, changed && `~${changed}`, deleted && `⌫${deleted}`].filter(Boolean);
  return counts.length > 0 ? `${box.subtitle} · ${counts.join(" ")}` : box.subtitle;
}

/** As much of `text` as fits in `width`, in type of `size`: a monospaced letter is three fifths as wide. */
function clip(text: string, width: number, size: number): string {
  const room = Math.max(3, Math.floor(width / (size * 0.603)));
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}
