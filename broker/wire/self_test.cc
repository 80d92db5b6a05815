#include <chrono>

#include "broker/wire/dealer.h"
#include "broker/wire/zap.h"

namespace switchboard::wire {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kAtMost{5};

enum class Outcome { kLetIn, kRefused, kNoAnswer };

Result<Outcome> knock(Context& context, const Dealer::Options& options) {
  TRY(auto dealer, Dealer::open(context, options));
  const auto until = Clock::now() + kAtMost;
  while (Clock::now() < until) {
    if (dealer->connected()) return Outcome::kLetIn;
    if (dealer->refused()) return Outcome::kRefused;
    dealer->wait(std::chrono::milliseconds(50));
  }
  return Outcome::kNoAnswer;
}

}  // namespace

Status self_test(Context& context, Zap& zap, const std::string& domain, const std::string& endpoint,
                 const KeyPair& hub_keys) {
  Dealer::Options options{.connect = endpoint, .hub_public_key = hub_keys.public_key};
  options.keys = make_key_pair();
  TRY(const Outcome stranger, knock(context, options));
  if (stranger != Outcome::kRefused) {
    return error(v1::CODE_INTERNAL, "a stranger's key was not refused at " + endpoint);
  }
  const auto before = zap.allowed(domain);
  auto with_test_key = before;
  with_test_key.insert(options.keys.public_key);
  zap.allow(domain, std::move(with_test_key));
  const auto guest = knock(context, options);
  zap.allow(domain, before);
  TRY(const Outcome let_in, guest);
  if (let_in != Outcome::kLetIn) {
    return error(v1::CODE_INTERNAL, "an allowed key was not let in at " + endpoint);
  }
  return ok();
}

}  // namespace switchboard::wire
