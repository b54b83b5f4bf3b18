import { createNode, type Node } from '../node.ts'
import { defineOp, int, text } from '../op.ts'

type GridAttributes = { readonly size: readonly [number, number, number, number] }

/** Without a derivative: positions are drawn, not learned. */
export const AffineGrid = defineOp<GridAttributes>({
  name: 'AffineGrid',
  infer: (_, { size: [n, , h, w] }) => ({ shape: [n, h, w, 2], dtype: 'float32' }),
  gradient: null,
  emit: ({ size }) => ({ attributes: { align_corners: int(0) }, trailingInputs: [size] }),
})

type SampleAttributes = { readonly outside: 'zeros' | 'border' }

/** Without a derivative: for augmentation only. */
export const GridSample = defineOp<SampleAttributes>({
  name: 'GridSample',
  infer: ([x, grid]) => ({
    shape: [x.shape[0], x.shape[1], grid.shape[1], grid.shape[2]],
    dtype: 'float32',
  }),
  gradient: null,
  emit: ({ outside }) => ({
    attributes: { align_corners: int(0), mode: text('linear'), padding_mode: text(outside) },
  }),
})

/** Sampling positions N×H×W×2 in [−1, 1] from one 2×3 matrix per image (`theta`: N×2×3). */
export const affineGrid = (theta: Node, size: GridAttributes['size']): Node =>
  createNode(AffineGrid, [theta], { size })
/** Reads images at grid positions, bilinearly. Not differentiable: for augmentation. */
export const gridSample = (x: Node, grid: Node, outside: SampleAttributes['outside']): Node =>
  createNode(GridSample, [x, grid], { outside })
