#include "services/cli/error_book.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "services/cli/words.h"

namespace switchboard::cli {
namespace {

constexpr std::array kBook = {
    ErrorPage{v1::CODE_OK, Nature::kFine, "done", "nothing to do"},
    ErrorPage{v1::CODE_DUPLICATE, Nature::kFine,
              "the hub accepted this event before; the answer names the original's position",
              "nothing to do: a resend is safe"},
    ErrorPage{v1::CODE_QUARANTINED, Nature::kFine,
              "the hub holds the event with its bytes, but could not route it; operators see it",
              "switchboard quarantine ls; correct the cause at the source and send it anew"},
    ErrorPage{v1::CODE_BUSY, Nature::kRetryable,
              "a window is full, or this client alone sends a storm",
              "keep it and send again; adapters do so by themselves"},
    ErrorPage{v1::CODE_DISK_LOW, Nature::kRetryable,
              "free space is below the hub's mark: new work is refused, reading and acts go on",
              "free or add disk space for the hub's data folder; switchboard status shows both"},
    ErrorPage{v1::CODE_RECOVERING, Nature::kRetryable,
              "the hub lost its tail and waits for clients to resend; it stays open for events",
              "wait, or `switchboard hub release` once every client has reported"},
    ErrorPage{v1::CODE_DRAINING, Nature::kRetryable, "the hub is stopping",
              "keep it and send again after the restart"},
    ErrorPage{v1::CODE_READ_ONLY, Nature::kRetryable,
              "the hub cannot write: disk error at start, or its audit chain does not verify",
              "read the reason in switchboard status; then switchboard-broker verify DIR"},
    ErrorPage{v1::CODE_MALFORMED, Nature::kDefinite, "not a frame or an item of this protocol",
              "a fault of the sending program: report it with its version"},
    ErrorPage{v1::CODE_OVERSIZE, Nature::kDefinite, "over a size limit",
              "send a shorter event and the document another way"},
    ErrorPage{v1::CODE_UNSUPPORTED_VERSION, Nature::kDefinite, "no protocol version in common",
              "upgrade the older side"},
    ErrorPage{v1::CODE_OUT_OF_TURN, Nature::kDefinite, "a message not allowed in this state",
              "a fault of the client program: report it with its version"},
    ErrorPage{v1::CODE_NOT_ALLOWED, Nature::kDefinite,
              "this key's principal may not do that, or speaks for somebody else",
              "check the principal's agency, system, teams and roles, and which identity was used"},
    ErrorPage{v1::CODE_NOT_FOUND, Nature::kDefinite, "no such event, team, number or file",
              "check the id; event ids are those of event ls and inbox ls"},
    ErrorPage{v1::CODE_CONFLICT, Nature::kDefinite,
              "the same id with other content, or a state that forbids the act",
              "a changed event needs an id of its own; look at the journey for what was done"},
    ErrorPage{v1::CODE_INVALID, Nature::kDefinite,
              "a field has a value that is not allowed; the text names the field",
              "correct the named field"},
    ErrorPage{v1::CODE_STALE_EPOCH, Nature::kDefinite,
              "the hub shows less than it promised before: an old copy, or a restore",
              "do not use this hub; an operator must find out which copy is right"},
    ErrorPage{v1::CODE_INTERNAL, Nature::kRetryable, "a fault of the hub",
              "try again; if it stays, read the hub's log"},
};

}  // namespace

std::span<const ErrorPage> error_book() { return kBook; }

const ErrorPage* find_error(std::string_view code) {
  std::string wanted(code);
  for (char& c : wanted) {
    c = c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  if (wanted.starts_with("code_")) wanted.erase(0, 5);
  const auto found = std::find_if(kBook.begin(), kBook.end(), [&](const ErrorPage& page) {
    return wanted == (page.code == v1::CODE_OK ? "ok" : name_of(page.code)) ||
           wanted == std::to_string(static_cast<int>(page.code));
  });
  return found == kBook.end() ? nullptr : &*found;
}

std::string_view nature_words(Nature nature) {
  switch (nature) {
    case Nature::kFine:
      return "fine";
    case Nature::kRetryable:
      return "retryable";
    case Nature::kDefinite:
      return "definite";
  }
  return "";
}

}  // namespace switchboard::cli
