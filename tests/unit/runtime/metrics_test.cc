#include "broker/runtime/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchboard {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, AreWrittenInPrometheusText) {
  Metrics metrics;
  metrics.counter("accepted_total", "events accepted", {{"kind", "birth"}}).add(2);
  metrics.gauge("free_bytes", "free space").set(7);
  metrics.histogram("commit_seconds", "time of a commit", {0.01, 0.1}).observe(0.05);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("# HELP accepted_total events accepted\n"));
  EXPECT_THAT(text, HasSubstr("accepted_total{kind=\"birth\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE free_bytes gauge\nfree_bytes 7\n"));
  EXPECT_THAT(text, HasSubstr("commit_seconds_bucket{le=\"0.01\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("commit_seconds_bucket{le=\"0.1\"} 1\n"));
}

TEST(Metrics, TheSameNameAndLabelsAreTheSameSeries) {
  Metrics metrics;
  metrics.counter("a_total", "a", {{"x", "1"}}).add();
  metrics.counter("a_total", "a", {{"x", "1"}}).add();
  EXPECT_EQ(metrics.counter("a_total", "a", {{"x", "1"}}).value(), 2);
}

TEST(Metrics, SeriesBeyondTheBoundAreCountedTogether) {
  Metrics metrics;
  for (size_t i = 0; i < Metrics::kSeriesMax + 10; ++i) {
    metrics.counter("a_total", "a", {{"x", std::to_string(i)}}).add();
  }
  EXPECT_THAT(metrics.text(), HasSubstr("a_total{x=\"other\"} 10\n"));
  EXPECT_THAT(metrics.text(), HasSubstr("a_total{x=\"999\"} 1\n"));
  EXPECT_THAT(metrics.text(), Not(HasSubstr("a_total{x=\"1000\"}")));
}

TEST(Metrics, ALongLabelIsCut) {
  Metrics metrics;
  metrics.gauge("a", "a", {{"x", std::string(200, 'y')}}).set(1);
  EXPECT_THAT(metrics.text(), HasSubstr("{x=\"" + std::string(64, 'y') + "\"}"));
}

TEST(MetricsDeathTest, AWrongNameOrANameOfTwoKindsIsABug) {
  EXPECT_DEATH(
      {
        Metrics metrics;
        metrics.gauge("a-b", "a");
      },
      "is_name");
  EXPECT_DEATH(
      {
        Metrics metrics;
        metrics.gauge("a", "a");
        metrics.counter("a", "a");
      },
      "CHECK failed");
}

}  // namespace
}  // namespace switchboard
