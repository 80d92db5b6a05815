#include "broker/store/source_rows.h"

#include "broker/base/bytes.h"
#include "broker/store/keys.h"

namespace switchboard::store {
namespace {

void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out.append(text);
}

bool take_text(std::string_view& in, std::string& text) {
  const auto size = take_varint(in);
  if (!size || *size > in.size()) return false;
  text.assign(in.substr(0, *size));
  in.remove_prefix(*size);
  return true;
}

}  // namespace

Result<std::optional<std::vector<NewestSource>>> read_newest_sources(const kv::Reads& reads) {
  std::optional<std::vector<NewestSource>> all;
  TRY(const auto row, reads.get(kv::Family::kMeta, key::newest_sources()));
  if (!row) return all;
  all.emplace();
  for (std::string_view rest = *row; !rest.empty();) {
    NewestSource& one = all->emplace_back();
    if (take_text(rest, one.agency) && take_text(rest, one.system) &&
        take_text(rest, one.message_id)) {
      continue;
    }
    return error(v1::CODE_INTERNAL, "corrupt row of newest sources");
  }
  return all;
}

void write_newest_sources(Journal& journal, const std::vector<NewestSource>& sources) {
  std::string row;
  for (const auto& one : sources) {
    put_text(row, one.agency);
    put_text(row, one.system);
    put_text(row, one.message_id);
  }
  journal.append(kv::Family::kMeta, key::newest_sources(), row);
}

}  // namespace switchboard::store
