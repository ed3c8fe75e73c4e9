// Numbers of portable_exp and portable_log: plain constants, so that files compiled for one instruction set
// may include them.
#pragma once

namespace weiss::elementary {

// x = k ln 2 + r: adding `rounding` leaves the integer nearest to a double below 2^51 in its low bits; k
// times ln2_high is exact, for it has 33 bits.
inline constexpr double rounding = 0x1.8p52;
inline constexpr double inverse_ln2 = 0x1.71547652b82fep+0;
inline constexpr double ln2_high = 0x1.62e42fefp-1;
inline constexpr double ln2_low = 0x1.473de6af278edp-34;

// exp is 0 below (its values would leave the normal numbers at -708.396) and infinite above.
inline constexpr double exp_lowest = -708.0;
inline constexpr double exp_highest = 0x1.62e42fefa39efp+9;

// (exp(r) - 1 - r) / r^2 for |r| <= ln 2 / 2, minimax: relative error of exp 3.6e-18.
inline constexpr double exp_coefficient[10] = {
    0x1.000000000000ap-1,  0x1.55555555554fap-3,  0x1.555555555087dp-5,  0x1.1111111127bdcp-7,
    0x1.6c16c1842a0c6p-10, 0x1.a01a012a5a426p-13, 0x1.a0199a0c700fcp-16, 0x1.71df254da5cd1p-19,
    0x1.28ad72ca41a01p-22, 0x1.ad7f74af9144cp-26};

// (2 artanh(s) - 2 s) / s^3 as a polynomial in s^2 for |s| <= 0.1716, minimax: relative error of log 1.3e-18.
inline constexpr double log_coefficient[7] = {
    0x1.5555555555592p-1, 0x1.999999997fd73p-2, 0x1.24924941f528dp-2, 0x1.c71c5205e8fe5p-3,
    0x1.74663fa7cc011p-3, 0x1.39a1a67080b17p-3, 0x1.2f06398fe2b9ep-3};

}  // namespace weiss::elementary
