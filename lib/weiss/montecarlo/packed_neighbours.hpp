// The local field of a site of `degree` neighbours, lane by lane, from one bit a neighbour: full adders give
// the class of |sum of neighbours|, in ascending order (0 apart: `zero`), and its sign. `positive` is right
// where `zero` is not set; `lowest` are the lanes of the first class. Rules of inclusion as
// weiss/rng/word512.hpp.
#pragma once

#include "weiss/rng/word512.hpp"

namespace weiss::WEISS_SIMD_NAMESPACE {

template <int degree>
struct NeighbourSum;

template <>
struct NeighbourSum<2> {
  static constexpr int classes = 1;
  Piece zero, positive;
  WEISS_INLINE explicit NeighbourSum(const Piece (&up)[2]) : zero(up[0] ^ up[1]), positive(up[0]) {}
  WEISS_INLINE Piece of_class(const Piece (&value)[1]) const { return value[0]; }
  WEISS_INLINE Piece lowest() const { return ones(); }
};

template <>
struct NeighbourSum<3> {
  static constexpr int classes = 2;
  Piece zero, positive, near;
  WEISS_INLINE explicit NeighbourSum(const Piece (&up)[3])
      : zero(zeros()), positive(majority(up[0], up[1], up[2])), near(sum3(up[0], up[1], up[2]) ^ positive) {}
  WEISS_INLINE Piece of_class(const Piece (&value)[2]) const { return choose(near, value[0], value[1]); }
  WEISS_INLINE Piece lowest() const { return near; }
};

template <>
struct NeighbourSum<4> {
  static constexpr int classes = 2;
  Piece zero, positive, odd;
  WEISS_INLINE explicit NeighbourSum(const Piece (&up)[4]) {
    const Piece sum = sum3(up[0], up[1], up[2]), carry = majority(up[0], up[1], up[2]);
    odd = sum ^ up[3];
    zero = ~(sum ^ up[3]) & (carry ^ sum);
    positive = carry & (sum | up[3]);
  }
  WEISS_INLINE Piece of_class(const Piece (&value)[2]) const { return choose(odd, value[0], value[1]); }
  WEISS_INLINE Piece lowest() const { return odd; }
};

template <>
struct NeighbourSum<6> {
  static constexpr int classes = 3;
  Piece zero, positive, odd, near;
  WEISS_INLINE explicit NeighbourSum(const Piece (&up)[6]) {
    const Piece sum1 = sum3(up[0], up[1], up[2]), carry1 = majority(up[0], up[1], up[2]);
    const Piece sum2 = sum3(up[3], up[4], up[5]), carry2 = majority(up[3], up[4], up[5]);
    const Piece carry = sum1 & sum2;
    const Piece two = sum3(carry1, carry2, carry);
    odd = sum1 ^ sum2;
    positive = majority(carry1, carry2, carry);
    zero = odd & two & ~positive;
    near = two ^ positive;
  }
  WEISS_INLINE Piece of_class(const Piece (&value)[3]) const {
    return choose(odd, value[1], choose(near, value[0], value[2]));
  }
  WEISS_INLINE Piece lowest() const { return near & ~odd; }
};

template <>
struct NeighbourSum<8> {
  static constexpr int classes = 4;
  Piece zero, positive, odd, near, two;
  WEISS_INLINE explicit NeighbourSum(const Piece (&up)[8]) {
    const Piece sum1 = sum3(up[0], up[1], up[2]), carry1 = majority(up[0], up[1], up[2]);
    const Piece sum2 = sum3(up[3], up[4], up[5]), carry2 = majority(up[3], up[4], up[5]);
    const Piece sum3_ = up[6] ^ up[7], carry3 = up[6] & up[7];
    const Piece carry4 = majority(sum1, sum2, sum3_);
    const Piece twos = sum3(carry1, carry2, carry3), fours = majority(carry1, carry2, carry3);
    const Piece carry = twos & carry4;
    const Piece four = fours ^ carry;
    odd = sum3(sum1, sum2, sum3_);
    two = twos ^ carry4;
    near = two ^ four;
    zero = four & ~(two | odd);
    positive = four | (fours & carry);
  }
  WEISS_INLINE Piece of_class(const Piece (&value)[4]) const {
    return choose(odd, choose(near, value[0], value[2]), choose(two, value[1], value[3]));
  }
  WEISS_INLINE Piece lowest() const { return odd & near; }
};

}  // namespace weiss::WEISS_SIMD_NAMESPACE
