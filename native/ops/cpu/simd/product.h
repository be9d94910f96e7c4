#pragma once

// Products of small matrices in scratch memory.

#include <utility>

#include "cpu/simd/scratch_rows.h"

namespace palabra::ops::cpu::CPU_CAPABILITY {

/// The left one of two matrices: element (i, t) lies at values[i * row + t * term].
template <typename A>
struct Factor {
  const A* values;
  int64_t row;
  int64_t term;
};

/// A matrix as it lies.
template <typename A>
inline Factor<std::remove_const_t<A>> by_rows(Rows<A> x) {
  return {x.values, x.stride, 1};
}

/// Its transpose.
template <typename A>
inline Factor<std::remove_const_t<A>> by_columns(Rows<A> x) {
  return {x.values, 1, x.stride};
}

/// Of a product: its rows, its width, and the terms of each sum.
struct ProductSizes {
  int64_t rows;
  int64_t width;
  int64_t terms;
};

/// Rows and vectors of a row that are summed at once: as many as the registers hold.
inline constexpr int kTileRows = 6;
template <typename A>
inline constexpr int kTileColumns = sizeof(Vec<A>) == 64 ? 4 : 2;

/// out (kRows by kColumns vectors) = a b, or out += a b, over `terms` terms.
template <typename A, int kRows, int kColumns>
inline void multiply_tile(Factor<A> a, Rows<const A> b, Rows<A> out, int64_t terms, bool add) {
  constexpr int64_t kLanes = Vec<A>::size();
  Vec<A> sums[kRows][kColumns];
#pragma GCC unroll 8
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 8
    for (int j = 0; j < kColumns; ++j)
      sums[i][j] = add ? Vec<A>::loadu(out.values + i * out.stride + j * kLanes) : Vec<A>(0);
  for (int64_t t = 0; t < terms; ++t) {
    Vec<A> columns[kColumns];
#pragma GCC unroll 8
    for (int j = 0; j < kColumns; ++j)
      columns[j] = Vec<A>::loadu(b.values + t * b.stride + j * kLanes);
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
      const Vec<A> factor(a.values[i * a.row + t * a.term]);
#pragma GCC unroll 8
      for (int j = 0; j < kColumns; ++j)
        sums[i][j] = at::vec::fmadd(factor, columns[j], sums[i][j]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 8
    for (int j = 0; j < kColumns; ++j) sums[i][j].store(out.values + i * out.stride + j * kLanes);
}

/// The last rows, fewer than a tile has.
template <typename A, int kRows, int kColumns>
inline void multiply_last(Factor<A> a, Rows<const A> b, Rows<A> out, int64_t rows, int64_t terms,
                          bool add) {
  if (rows == kRows) return multiply_tile<A, kRows, kColumns>(a, b, out, terms, add);
  if constexpr (kRows > 1) multiply_last<A, kRows - 1, kColumns>(a, b, out, rows, terms, add);
}

/// A column of tiles.
template <typename A, int kColumns>
inline void multiply_panel(Factor<A> a, Rows<const A> b, Rows<A> out, int64_t rows, int64_t terms,
                           bool add) {
  for (; rows >= kTileRows; rows -= kTileRows) {
    multiply_tile<A, kTileRows, kColumns>(a, b, out, terms, add);
    a.values += kTileRows * a.row;
    out.values += kTileRows * out.stride;
  }
  if (rows > 0) multiply_last<A, kTileRows - 1, kColumns>(a, b, out, rows, terms, add);
}

/// out = a b, or out += a b. The width is rounded up to whole vectors, which b and out have room
/// for.
template <typename A>
inline void multiply(Factor<A> a, Rows<const A> b, Rows<A> out, const ProductSizes& sizes,
                     bool add) {
  constexpr int64_t kLanes = Vec<A>::size();
  constexpr int kColumns = kTileColumns<A>;
  const auto panel = [&]<int kCount>(std::integral_constant<int, kCount>, int64_t& column) {
    for (; column + (kCount - 1) * kLanes < sizes.width; column += kCount * kLanes)
      multiply_panel<A, kCount>(a, {b.values + column, b.stride}, {out.values + column, out.stride},
                                sizes.rows, sizes.terms, add);
  };
  int64_t column = 0;
  panel(std::integral_constant<int, kColumns>{}, column);
  panel(std::integral_constant<int, 2>{}, column);
  panel(std::integral_constant<int, 1>{}, column);
}

}  // namespace palabra::ops::cpu::CPU_CAPABILITY
