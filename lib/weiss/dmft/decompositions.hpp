// Decompositions of Eigen that take long to compile, compiled once.
#pragma once

#include <Eigen/Dense>

extern template Eigen::BDCSVD<Eigen::MatrixXd>& Eigen::BDCSVD<Eigen::MatrixXd>::compute(
    const Eigen::MatrixXd&, unsigned int);
extern template Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>&
Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>::compute(const Eigen::EigenBase<Eigen::MatrixXd>&, int);
