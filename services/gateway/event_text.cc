#include "services/gateway/event_text.h"

namespace switchboard::gateway {
namespace {

void append_line(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out += name;
  for (const char c : value) {
    // A browser takes no id with a NUL.
    if (c != '\r' && c != '\n' && c != '\0') out.push_back(c);
  }
  out.push_back('\n');
}

}  // namespace

void append_event(std::string& out, std::string_view event, std::string_view id,
                  std::string_view data) {
  append_line(out, "event: ", event);
  append_line(out, "id: ", id);
  out += "data: ";
  for (size_t at = 0; at < data.size(); ++at) {
    const char c = data[at];
    if (c != '\r' && c != '\n') {
      out.push_back(c);
      continue;
    }
    if (c == '\r' && at + 1 < data.size() && data[at + 1] == '\n') ++at;
    out += "\ndata: ";
  }
  out += "\n\n";
}

}  // namespace switchboard::gateway
