/** As much of ONNX, which is protobuf, as a small model needs; written by hand, so that no library has to be installed to make one. */

const elements = { float: 1, int64: 7 } as const;
type Element = keyof typeof elements;
type Tensor = { name: string; type: Element; dims: readonly number[]; data: Buffer };
type Value = { name: string; type: Element; dims: readonly (number | string)[] };
type Node = {
  op: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Record<string, number>;
};
export type Graph = {
  nodes: readonly Node[];
  constants: readonly Tensor[];
  inputs: readonly Value[];
  outputs: readonly Value[];
};

/** The bytes of an `.onnx` file. */
export const encodeModel = (graph: Graph): Buffer =>
  Buffer.concat([
    int(1, 8),
    bytes(7, [
      ...graph.nodes.map((node) => bytes(1, encodeNode(node))),
      text(2, 'tiny'),
      ...graph.constants.map(({ name, type, dims, data }) =>
        bytes(5, [
          ...dims.map((dim) => int(1, dim)),
          int(2, elements[type]),
          text(8, name),
          bytes(9, [data]),
        ]),
      ),
      ...graph.inputs.map((value) => bytes(11, encodeValue(value))),
      ...graph.outputs.map((value) => bytes(12, encodeValue(value))),
    ]),
    bytes(8, [text(1, ''), int(2, 13)]),
  ]);

export const floats = (values: readonly number[]): Buffer => Buffer.from(new Float32Array(values).buffer);
export const longs = (values: readonly number[]): Buffer =>
  Buffer.from(new BigInt64Array(values.map(BigInt)).buffer);

const encodeNode = ({ op, inputs, outputs, attributes = {} }: Node): Buffer[] => [
  ...inputs.map((name) => text(1, name)),
  ...outputs.map((name) => text(2, name)),
  text(4, op),
  ...Object.entries(attributes).map(([name, value]) => bytes(5, [text(1, name), int(3, value), int(20, 2)])),
];

const encodeValue = ({ name, type, dims }: Value): Buffer[] => {
  const shape = dims.map((dim) => bytes(1, [typeof dim === 'number' ? int(1, dim) : text(2, dim)]));
  return [text(1, name), bytes(2, [bytes(1, [int(1, elements[type]), bytes(2, shape)])])];
};

const int = (field: number, value: number): Buffer => Buffer.from([...varint(field << 3), ...varint(value)]);

const bytes = (field: number, parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(body.length)]), body]);
};

const text = (field: number, value: string): Buffer => bytes(field, [Buffer.from(value)]);

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
