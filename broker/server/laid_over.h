// The tables as they would be with some caseload rows, for an estimate that changes nothing.
//
// Owns: the rows that differ; everything else is read from the snapshot beneath, which outlives it.
// Thread: the reader.
#pragma once

#include <map>
#include <string>

#include "broker/core/directory.h"
#include "broker/core/secrets.h"

namespace switchboard::server {

class LaidOver final : public store::Reads {
 public:
  // `directory` knows the teams that the rows name; others are left out.
  static LaidOver with(const store::Reads& beneath, const core::Secrets& secrets,
                       const core::Directory& directory, const v1::Directory& rows);

  Result<std::optional<std::string>> get(kv::Family family, std::string_view key) const override;
  std::unique_ptr<kv::Scan> scan(kv::Family family, std::string_view from,
                                 std::string_view until) const override {
    return beneath_->scan(family, from, until);
  }
  std::unique_ptr<kv::Scan> scan_back(kv::Family family, std::string_view from,
                                      std::string_view until) const override {
    return beneath_->scan_back(family, from, until);
  }

 private:
  explicit LaidOver(const store::Reads& beneath) : beneath_(&beneath) {}
  const store::Reads* beneath_;
  std::map<std::string, std::string, std::less<>> caseloads_;  // by the row's key
};

}  // namespace switchboard::server
