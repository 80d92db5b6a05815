#include "adapters/sdk/admin_client.h"

#include <algorithm>

#include "adapters/sdk/verdict.h"

namespace switchboard::sdk {
namespace {

Error no_answer(wire::Dealer& dealer) {
  if (dealer.refused()) {
    return error(v1::CODE_NOT_ALLOWED, "the hub does not let this key in on its admin socket");
  }
  return error(v1::CODE_BUSY, dealer.connected() ? "the hub's admin socket did not answer in time"
                                                 : "the hub's admin socket cannot be reached");
}

}  // namespace

int64_t AdminClient::deadline(std::chrono::milliseconds within) {
  return clock_.read().boot_us + std::chrono::microseconds(within).count();
}

std::chrono::milliseconds AdminClient::left(int64_t deadline_us) {
  const std::chrono::microseconds left(std::max<int64_t>(deadline_us - clock_.read().boot_us, 0));
  return std::chrono::ceil<std::chrono::milliseconds>(left);
}

Result<std::unique_ptr<AdminClient>> AdminClient::open(wire::Context& context,
                                                       const wire::Dealer::Options& options) {
  TRY(auto dealer, wire::Dealer::open(context, options));
  return std::unique_ptr<AdminClient>(new AdminClient(std::move(dealer)));
}

Status AdminClient::ask(v1::AdminRequest request, std::chrono::milliseconds within,
                        const Part& part) {
  request.set_request(++last_request_);
  TRY_DO(send(request, deadline(within)));
  const uint64_t connection = dealer_->connections();
  for (bool more = true; more;) {
    TRY(const auto reply, next_reply(request.request(), connection, deadline(within)));
    // What is wrong with the rows of an apply stands in the reply, line by line.
    const bool says_why = reply.applied().problems_size() > 0;
    if (verdict(reply.code()) != Verdict::kHeld && !says_why)
      return error(reply.code(), reply.text());
    TRY_DO(part(reply));
    more = reply.more();
  }
  return ok();
}

Result<std::vector<v1::AdminReply>> AdminClient::ask(v1::AdminRequest request,
                                                     std::chrono::milliseconds within) {
  std::vector<v1::AdminReply> parts;
  TRY_DO(ask(std::move(request), within, [&parts](const v1::AdminReply& reply) {
    parts.push_back(reply);
    return ok();
  }));
  return parts;
}

Status AdminClient::send(const v1::AdminRequest& request, int64_t deadline_us) {
  std::string bytes = request.SerializeAsString();
  while (!dealer_->send(std::move(bytes))) {
    if (dealer_->refused() || left(deadline_us).count() == 0) return no_answer(*dealer_);
    dealer_->wait(std::min(left(deadline_us), std::chrono::milliseconds(50)));
  }
  return ok();
}

Result<v1::AdminReply> AdminClient::next_reply(uint64_t request, uint64_t connection,
                                               int64_t deadline_us) {
  for (;;) {
    wire::Frame frame;
    v1::AdminReply reply;
    while (dealer_->receive(frame)) {
      const auto bytes = frame.bytes();
      if (!reply.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) continue;
      if (reply.request() == request) return reply;
    }
    if (dealer_->connections() != connection || !dealer_->connected()) {
      return error(v1::CODE_BUSY,
                   "the connection was lost: what was asked may or may not have been done");
    }
    if (left(deadline_us).count() == 0) return no_answer(*dealer_);
    dealer_->wait(left(deadline_us));
  }
}

}  // namespace switchboard::sdk
