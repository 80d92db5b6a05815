// A test of a world of real processes: SEED=n fixes what is drawn, a line of JSON says what came.
//
// Owns: the world, started; the numbers to draw from; the line. A test makes its faults, counts
// them in runs_ and calls end(): what endpoints hold is judged there and nowhere else. Thread: the
// test's.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>

#include "tests/fault/report.h"

namespace switchboard::test {

class WorldFixture : public testing::Test {
 protected:
  WorldFixture(const FaultWorld::Options& options, const std::string& fault,
               const std::string& where)
      : world_(options), line_(report_line(fault, where, seed_)) {
    world_.start();
  }

  void end(const std::string& where) {
    const auto verdict = world_.finish();
    EXPECT_TRUE(verdict.clean()) << "SEED=" << seed_ << "\n" << verdict.text();
    line_["where"] = where;
    line_["runs"] = runs_;
    line_["survived"] = verdict.clean() ? runs_ : 0;
    add_verdict(line_, verdict);
    EXPECT_TRUE(print_line(line_, began_) || HasFailure());
  }

  const uint64_t seed_ = setting("SEED", 1);
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::mt19937_64 random_{seed_};
  FaultWorld world_;
  Json line_;
  uint64_t runs_ = 0;
};

}  // namespace switchboard::test
