#include "broker/runtime/metrics.h"

#include <prometheus/check_names.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <set>

#include "broker/base/check.h"
#include "broker/runtime/json_text.h"

namespace switchboard {
namespace {

template <typename T>
struct Series {
  prometheus::Family<T>* family = nullptr;
  std::set<Metrics::Labels> known;
};

bool is_name(const std::string& name) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && !name.starts_with("__") &&
         std::all_of(name.begin(), name.end(), good);
}

// The labels to count under: cut, and folded into "other" when the name has its fill.
template <typename T>
Metrics::Labels bounded(Series<T>& series, const Metrics::Labels& labels) {
  Metrics::Labels out;
  for (const auto& [name, value] : labels) {
    CHECK(is_name(name));
    out[name] = cut_utf8(value, Metrics::kLabelBytesMax);
  }
  if (series.known.contains(out)) return out;
  if (series.known.size() < Metrics::kSeriesMax) {
    series.known.insert(out);
    return out;
  }
  for (auto& [name, value] : out) value = "other";
  return out;
}

}  // namespace

struct Metrics::State {
  prometheus::Registry registry;
  std::map<std::string, Series<prometheus::Counter>> counters;
  std::map<std::string, Series<prometheus::Gauge>> gauges;
  std::map<std::string, Series<prometheus::Histogram>> histograms;

  // A name is of one kind. `build` makes its family the first time.
  template <typename T>
  Series<T>& find(std::map<std::string, Series<T>>& kind, const std::string& name,
                  const std::string& help, prometheus::detail::Builder<T> build) {
    CHECK(is_name(name));
    CHECK(counters.count(name) + gauges.count(name) + histograms.count(name) == kind.count(name));
    Series<T>& series = kind[name];
    if (series.family == nullptr) {
      series.family = &build.Name(name).Help(help).Register(registry);
    }
    return series;
  }
};

void Counter::add(double n) { counter_->Increment(n); }
double Counter::value() const { return counter_->Value(); }
void Gauge::set(double value) { gauge_->Set(value); }
void Gauge::add(double n) { gauge_->Increment(n); }
double Gauge::value() const { return gauge_->Value(); }
void Histogram::observe(double value) { histogram_->Observe(value); }

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
  auto& series = state_->find(state_->counters, name, help, prometheus::BuildCounter());
  return Counter(series.family->Add(bounded(series, labels)));
}

Gauge Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels) {
  auto& series = state_->find(state_->gauges, name, help, prometheus::BuildGauge());
  return Gauge(series.family->Add(bounded(series, labels)));
}

Histogram Metrics::histogram(const std::string& name, const std::string& help,
                             const std::vector<double>& bounds, const Labels& labels) {
  auto& series = state_->find(state_->histograms, name, help, prometheus::BuildHistogram());
  return Histogram(series.family->Add(bounded(series, labels), bounds));
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace switchboard
