// Carries nudges out: mail to the relay, webhooks to their receivers, several at once (libcurl).
//
// Owns the transfers under way, at most kUnderWayMax, each within its time limit. Fails closed: no
// TLS where it is demanded, a certificate nobody trusts, a redirect, a webhook that is neither
// https nor on loopback: not sent, and said so. Proxies of the environment are not used. Never logs
// an address or a secret. Thread: the owner's; work() does not wait.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "services/nudge/settings.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::nudge {

struct Carried {
  v1::NudgeJob job;
  v1::NudgeState state = v1::NUDGE_STATE_UNSPECIFIED;  // WAITING: worth another try
  std::string why;                                     // names no address
};

class Courier {
 public:
  static constexpr size_t kUnderWayMax = 16;

  static Result<std::unique_ptr<Courier>> open(const Settings& settings);
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  // It comes out of take_done(), whatever becomes of it.
  void carry(v1::NudgeJob job, Time now);
  void work();
  std::vector<Carried> take_done();
  size_t under_way() const { return errands_.size(); }
  bool has(const std::string& nudge_id) const;

 private:
  struct Errand;
  explicit Courier(const Settings& settings);
  void end(v1::NudgeJob job, v1::NudgeState state, std::string why);
  bool prepare_mail(Errand& errand, Time now);
  bool prepare_hook(Errand& errand, Time now);
  void prepare_common(Errand& errand);
  void judge(Errand& errand, int curl_code);

  const Settings& settings_;
  void* multi_ = nullptr;  // CURLM: curl.h stays in courier.cc
  std::list<std::unique_ptr<Errand>> errands_;
  std::vector<Carried> done_;
};

}  // namespace switchboard::nudge
