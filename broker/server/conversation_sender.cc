// The parts of conversation.h that are a publisher's own affairs: its counts and its quarantine.
#include "broker/server/conversation.h"

namespace switchboard::server {

static constexpr size_t kLineRowBytes = 256;

void Conversation::answer_page(const std::string& address, uint64_t request, core::Answer answer) {
  v1::Page& page = *parts_.outgoing.to_client(address).mutable_page();
  page.set_request(request);
  page.set_code(answer.code);
  page.set_text(std::move(answer.text));
  page.set_as_of_position(answer.position);
}

void Conversation::tell_ledgers(const std::string& address, const v1::PrincipalRow& who,
                                const v1::AdapterLedgers& told) {
  if (door_.acts != v1::CODE_OK) {
    return answer_page(address, told.request(), {door_.acts, 0, door_.text});
  }
  const size_t rows = static_cast<size_t>(told.items_size()) * kLineRowBytes;
  if (!parts_.core.fits(told.ByteSizeLong() + rows)) parts_.flush();
  answer_page(address, told.request(), parts_.core.tell_ledgers(who, told));
}

void Conversation::clear(const std::string& address, const v1::PrincipalRow& who,
                         const v1::ClearQuarantined& request) {
  if (door_.acts != v1::CODE_OK) {
    return answer_page(address, request.request(), {door_.acts, 0, door_.text});
  }
  if (!parts_.core.fits(request.ByteSizeLong() + kLineRowBytes)) parts_.flush();
  answer_page(address, request.request(), parts_.core.clear_quarantined(who, request));
}

}  // namespace switchboard::server
