/** Networks of the shapes that people use, with weights that are drawn: what is tried on them is not what they say. */
import { Network } from "./Network.ts";
import type { Drawn } from "./Sketch.ts";

/** Floats, two hidden layers, ten classes. */
export function perceptron(): Uint8Array {
  const net = new Network(31);
  const hidden = net.leakyRelu(net.dense(net.floats([1, 64]), 48));
  net.classes(net.dense(net.dense(hidden, 32, 0), 10));
  return net.file();
}

/** Four residual blocks over an image of 18x18, whose tensors are too large to be laid down at once, then every other operator for images: 24 steps. */
export function residual(): Uint8Array {
  const net = new Network(32);
  const stem = net.conv(net.image([1, 3, 18, 18]), { channels: 16, size: 3 });
  let x = stem;
  for (let block = 0; block < 4; block += 1) {
    const inner = net.conv(x, { channels: 16, size: 3 });
    x = net.add(x, net.conv(inner, { channels: 16, size: 3, zero: 128 }));
  }
  const joined = net.concat(net.maxPool(x, 2), net.maxPool(net.leakyRelu(stem), 2));
  const last = net.conv(joined, { channels: 32, size: 1 });
  net.classes(net.dense(net.average(last), 10));
  return net.file();
}

/** MobileNetV2's bottlenecks: expansion, channels, repetitions, stride of the first. */
const BOTTLENECKS = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** MobileNetV2's layers, channels and strides, all of them, over an image of any side that is a multiple of 32. */
export function mobileNet(side: number): Uint8Array {
  const net = new Network(33);
  let x = net.conv(net.image([1, 3, side, side]), { channels: 32, size: 3, stride: 2 });
  for (const [expansion, channels, repetitions, stride] of BOTTLENECKS)
    for (let i = 0; i < repetitions; i += 1) x = bottleneck(net, x, expansion, channels, i === 0 ? stride : 1);
  const last = net.conv(x, { channels: 1_280, size: 1 });
  net.classes(net.dense(net.average(last), 1_000));
  return net.file();
}

function bottleneck(net: Network, x: Drawn, expansion: number, channels: number, stride: number): Drawn {
  const width = expansion * (x.shape[1] ?? 1);
  const wide = expansion === 1 ? x : net.conv(x, { channels: width, size: 1 });
  const filtered = net.conv(wide, { channels: width, size: 3, stride, group: width });
  const narrow = net.conv(filtered, { channels, size: 1, zero: 128 });
  return stride === 1 && x.shape[1] === channels ? net.add(x, narrow) : narrow;
}
