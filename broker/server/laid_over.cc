#include "broker/server/laid_over.h"

#include "broker/core/subject.h"

namespace switchboard::server {

LaidOver LaidOver::with(const store::Reads& beneath, const core::Secrets& secrets,
                        const core::Directory& directory, const v1::Directory& rows) {
  LaidOver over(beneath);
  for (const auto& member : rows.caseload()) {
    const v1::Team* team = directory.team(member.team());
    if (team == nullptr) continue;
    v1::Identifier id = member.identifier();
    id.set_verification(v1::VERIFICATION_VERIFIED);
    const auto hash = core::identifier_hash(secrets, id, {}, {});
    if (hash.empty()) continue;
    auto teams = store::caseload_teams(over, nullptr, hash);
    std::erase(teams, team->handle());
    if (!member.removed()) teams.push_back(team->handle());
    std::string row;
    for (const auto handle : teams) put_u32(row, handle);
    over.caseloads_[store::key::caseload(hash)] = std::move(row);
  }
  return over;
}

Result<std::optional<std::string>> LaidOver::get(kv::Family family, std::string_view key) const {
  if (family == kv::Family::kIndex) {
    const auto it = caseloads_.find(key);
    if (it != caseloads_.end()) return std::optional<std::string>(it->second);
  }
  return beneath_->get(family, key);
}

}  // namespace switchboard::server
