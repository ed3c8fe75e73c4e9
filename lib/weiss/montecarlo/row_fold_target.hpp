// Folding for one instruction set; rules of inclusion as word512.hpp.
#pragma once

#include "weiss/montecarlo/row_fold.hpp"
#include "weiss/rng/word512.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

// Size of all that sites of one word stand for.
inline std::int64_t fold_size(const RowFold& fold, std::uint32_t word, std::uint64_t sites) {
  std::int64_t size = 0;
  for (int k = 0; k < size_planes; ++k)
    size += std::int64_t{__builtin_popcountll(fold.size[k][word] & sites)} << k;
  return size;
}

// Cuts, of each square of active bonds, the one along x (or y) that is further along y and z.
template <int dimension>
void cut_squares(const RowFold& fold) {
  const std::ptrdiff_t row = fold.words_a_row;
  const std::ptrdiff_t plane = fold.words_a_plane;
  const auto cut = [](std::uint64_t* bonds, Piece closed) { store(load(bonds) & ~closed, bonds); };
  // From the last word to the first, so that a ladder of squares loses all its rungs but one.
  for (std::ptrdiff_t w = (fold.words - 1) / piece_elements * piece_elements; w >= 0; w -= piece_elements) {
    const Piece x = load(fold.along_x + w);
    const Piece z = load(fold.ahead + w);
    cut(fold.along_x + w + plane, x & z & z >> 1);
    if constexpr (dimension == 3) {
      const Piece y = load(fold.along_y + w);
      cut(fold.along_x + w + row, x & y & y >> 1);
      cut(fold.along_y + w + plane, y & z & load(fold.ahead + w + row));
    }
  }
}

template <int dimension>
struct Folding {
  const RowFold& fold;

  // Adds the sizes and coins at word `from`, moved by `move`, to the sites `leaves` of word `to`. Returns
  // those where there was room.
  template <class Move>
  WEISS_INLINE Piece give(Piece leaves, std::ptrdiff_t from, std::ptrdiff_t to, const Move& move) const {
    Piece old[size_planes];
    Piece sum[size_planes];
    Piece carry = zeros();
    for (int k = 0; k < size_planes; ++k) {
      const Piece more = move(load(fold.size[k] + from)) & leaves;
      old[k] = load(fold.size[k] + to);
      sum[k] = sum3(old[k], more, carry);
      carry = majority(old[k], more, carry);
    }
    for (int k = 0; k < size_planes; ++k) store(choose(carry, old[k], sum[k]), fold.size[k] + to);
    const Piece taken = leaves & ~carry;
    store(load(fold.coin + to) ^ (move(load(fold.coin + from)) & taken), fold.coin + to);
    return taken;
  }

  // Folds sites of word w along bonds that leave it: ahead, those to the word `step` further, forward; else
  // behind, those that come from the word `step` before. A bond left in `others` keeps a site. Where words
  // ahead are in the same piece their bonds here may be out of date: some that is gone then keeps a site too.
  template <bool forward>
  WEISS_INLINE Piece fold_across(std::uint64_t* bonds, std::ptrdiff_t w, std::ptrdiff_t step, Piece& ahead,
                                 Piece& behind, Piece others, std::uint64_t* folded) const {
    Piece& along = forward ? ahead : behind;
    const Piece leaves = along & ~((forward ? behind : ahead) | others);
    const Piece taken = give(leaves, w, w + (forward ? step : -step), [](Piece p) { return p; });
    along &= ~taken;
    store(along, bonds + w - (forward ? 0 : step));
    store(taken, folded + w);
    return taken;
  }

  template <bool forward>
  WEISS_INLINE void fold_words(std::ptrdiff_t w, std::uint64_t* const* folded) const {
    const std::ptrdiff_t row = fold.words_a_row;
    const std::ptrdiff_t plane = fold.words_a_plane;
    Piece x = load(fold.along_x + w);
    Piece y = dimension == 3 ? load(fold.along_y + w) : zeros();
    Piece south = dimension == 3 ? load(fold.along_y + w - row) : zeros();
    Piece z = load(fold.ahead + w);
    Piece behind = load(fold.ahead + w - plane);
    const Piece held = load(fold.held + w);
    const Piece across = y | south | z | behind | held;
    const Piece right = give((x & ~(x << 1 | across)) << 1, w, w, [](Piece p) { return p << 1; }) >> 1;
    x &= ~right;
    const Piece left = give((x << 1 & ~(x | across)) >> 1, w, w, [](Piece p) { return p >> 1; }) << 1;
    x &= ~(left >> 1);
    store(x, fold.along_x + w);
    store(right, folded[0] + w);
    store(left, folded[1] + w);
    const Piece along = x | x << 1 | held;
    Piece gone = right | left;
    if constexpr (dimension == 3)
      gone |= fold_across<forward>(fold.along_y, w, row, y, south, along | z | behind, folded[2]);
    gone |= fold_across<forward>(fold.ahead, w, plane, z, behind, along | y | south, folded[3]);
    store(load(fold.alive + w) & ~gone, fold.alive + w);
  }

  std::ptrdiff_t last_piece() const { return (fold.words - 1) / piece_elements * piece_elements; }

  void fold_all() const {
    for (int sweep = 0; sweep < fold_sweeps; sweep += 2) {
      for (std::ptrdiff_t w = 0; w < fold.words; w += piece_elements) fold_words<true>(w, fold.folded[sweep]);
      for (std::ptrdiff_t w = last_piece(); w >= 0; w -= piece_elements)
        fold_words<false>(w, fold.folded[sweep + 1]);
    }
  }

  // Counts the clusters that are one site now by their size; only the others stay alive.
  void finish(std::int64_t* clusters_of) const {
    for (std::ptrdiff_t w = 0; w < fold.words; w += piece_elements) {
      const Piece x = load(fold.along_x + w);
      const Piece z = load(fold.ahead + w) | load(fold.ahead + w - fold.words_a_plane);
      Piece bonds = x | x << 1 | z | load(fold.held + w);
      if constexpr (dimension == 3)
        bonds |= load(fold.along_y + w) | load(fold.along_y + w - fold.words_a_row);
      const Piece alive = load(fold.alive + w);
      store(alive & bonds, fold.alive + w);
      Piece of_size[1 << size_planes] = {alive & ~bonds};
      for (int k = 0; k < size_planes; ++k) {
        const Piece plane = load(fold.size[k] + w);
        for (int s = 0; s < 1 << k; ++s) {
          of_size[s + (1 << k)] = of_size[s] & plane;
          of_size[s] &= ~plane;
        }
      }
      for (int s = 1; s < 1 << size_planes; ++s)
        for (int i = 0; i < piece_elements; ++i) clusters_of[s] += __builtin_popcountll(of_size[s][i]);
    }
  }

  template <bool forward>
  WEISS_INLINE void unfold_words(std::ptrdiff_t w, const std::uint64_t* const* folded) const {
    const std::ptrdiff_t row = fold.words_a_row;
    const std::ptrdiff_t plane = fold.words_a_plane;
    Piece coin = load(fold.coin + w);
    coin = choose(load(folded[3] + w), load(fold.coin + w + (forward ? plane : -plane)), coin);
    // What this load may have of the same piece is not out of date: a site that took another along y was not
    // folded further with that piece.
    if constexpr (dimension == 3)
      coin = choose(load(folded[2] + w), load(fold.coin + w + (forward ? row : -row)), coin);
    coin = choose(load(folded[1] + w), coin << 1, coin);
    coin = choose(load(folded[0] + w), coin >> 1, coin);
    store(coin, fold.coin + w);
  }

  void unfold_all() const {
    for (int sweep = fold_sweeps; (sweep -= 2) >= 0;) {
      for (std::ptrdiff_t w = 0; w < fold.words; w += piece_elements)
        unfold_words<false>(w, fold.folded[sweep + 1]);
      for (std::ptrdiff_t w = last_piece(); w >= 0; w -= piece_elements)
        unfold_words<true>(w, fold.folded[sweep]);
    }
  }
};

template <int dimension>
void fold_rows(const RowFold& fold, std::int64_t* clusters_of) {
  cut_squares<dimension>(fold);
  const Folding<dimension> folding{fold};
  folding.fold_all();
  folding.finish(clusters_of);
}

inline void fold_clusters(const RowFold& fold, std::int64_t* clusters_of) {
  if (fold.dimension == 2)
    fold_rows<2>(fold, clusters_of);
  else
    fold_rows<3>(fold, clusters_of);
}

inline void unfold_clusters(const RowFold& fold) {
  if (fold.dimension == 2)
    Folding<2>{fold}.unfold_all();
  else
    Folding<3>{fold}.unfold_all();
}

}  // namespace weiss::WEISS_SIMD_NAMESPACE
