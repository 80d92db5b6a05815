#include "adapters/mllp/dry_run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/mllp/capture.h"
#include "adapters/mllp/explain.h"
#include "adapters/mllp/mapping_file.h"
#include "adapters/mllp/settings.h"
#include "adapters/mllp/survey.h"
#include "broker/base/fd.h"
#include "broker/runtime/clock.h"

namespace switchboard::mllp {
namespace {

Exit fail(const Error& error, Exit exit) {
  std::fprintf(stderr, "%s\n", error.text.c_str());
  return exit;
}

Result<std::string> read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) return error(v1::CODE_NOT_FOUND, path + ": cannot be read");
  return bytes;
}

// A sample may be framed, as taken from the wire.
Result<std::string> read_sample(const std::string& path) {
  TRY(auto bytes, read_bytes(path));
  FrameDecoder decoder;
  auto frames = decoder.feed(bytes);
  return frames.empty() ? std::move(bytes) : std::move(frames.front().bytes);
}

// The files of a folder, in the order of their names; a file is a folder of one.
Result<std::vector<std::string>> files_of(const std::string& path) {
  std::error_code failed;
  if (std::filesystem::is_regular_file(path, failed)) return std::vector{path};
  std::vector<std::string> files;
  std::filesystem::recursive_directory_iterator entries(path, failed), end;
  for (; !failed && entries != end; entries.increment(failed)) {
    if (entries->is_regular_file(failed)) files.push_back(entries->path().string());
  }
  if (failed) return error(v1::CODE_NOT_FOUND, path + ": " + failed.message());
  if (files.empty()) return error(v1::CODE_NOT_FOUND, path + ": no files");
  std::sort(files.begin(), files.end());
  return files;
}

// Without a configuration somebody must speak: the trust the mapping is for.
ListenerIdentity speaker(const v1::MllpConfig* config, const std::string& mapping_file,
                         const Mapping& mapping) {
  if (config) {
    if (auto found = identity_for_mapping(*config, mapping_file)) return *found;
  }
  return {.agency = mapping.default_place_of_care, .system = "epr"};
}

// ---- outcomes in a line ------------------------------------------------------------------------

struct Line {
  std::string outcome;  // for the totals too
  std::string detail;
  bool good = true;
};

Line line_of(const Mapped& mapped) {
  std::string kinds;
  for (const MappedEvent& one : mapped.events) {
    const v1::EventHeader& header = one.event.header();
    kinds += (kinds.empty() ? "" : ", ") + header.kind();
    if (header.has_correction()) kinds += " of " + header.correction().target_kind();
    if (header.audience().only_agencies_size() > 0) kinds += " (stays at home)";
  }
  return {.outcome = "event", .detail = kinds};
}
Line line_of(const OutOfScope& out) { return {.outcome = "out of scope", .detail = out.why}; }
Line line_of(const Unreadable& held) {
  return {.outcome = "quarantined", .detail = held.problem.code, .good = false};
}
Line line_of(const Refused& refused) {
  return {.outcome = "refused", .detail = refused.error.location, .good = false};
}

// The trigger and control id as sent, as far as they may be shown.
std::string name_of(const std::string& bytes) {
  const auto parsed = Message::parse(bytes, LineEnds::kAny);
  const auto* message = std::get_if<Message>(&parsed);
  if (!message) return "-  -";
  const Value type = message->msh().field(9);
  std::string id = message->msh().field(10).text();
  std::replace_if(
      id.begin(), id.end(), [](unsigned char c) { return c <= 0x20 || c >= 0x7f; }, '?');
  return shown(type.component(1).text()) + "^" + shown(type.component(2).text()) + "  " +
         (id.empty() ? "-" : id.substr(0, 64));
}

// ---- the events file ---------------------------------------------------------------------------

// 0600 whatever it was before: it holds what names people.
Result<Fd> open_private(const std::string& path) {
  Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (fd.get() < 0 || ::fchmod(fd.get(), S_IRUSR | S_IWUSR) != 0) {
    return error(v1::CODE_INTERNAL, path + ": " + std::strerror(errno));
  }
  return fd;
}

Status write_line(const Fd& fd, const v1::Event& event) {
  std::string json;
  const auto done = google::protobuf::util::MessageToJsonString(event, &json);
  if (!done.ok()) return error(v1::CODE_INTERNAL, done.ToString());
  json += '\n';
  for (std::string_view left = json; !left.empty();) {
    const ssize_t wrote = ::write(fd.get(), left.data(), left.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return error(v1::CODE_INTERNAL, std::strerror(errno));
    left.remove_prefix(static_cast<size_t>(wrote));
  }
  return ok();
}

// ---- a dry run ---------------------------------------------------------------------------------

struct Trial {
  Mapping mapping;
  ListenerIdentity who;
  Time now;
  std::optional<Fd> events;
  Tally totals, kinds;
  bool good = true;

  Status take(const std::string& file, size_t number, const Frame& frame);
};

Status Trial::take(const std::string& file, size_t number, const Frame& frame) {
  const bool whole = frame.kind == Frame::Kind::kMessage;
  const Problem part{whole ? "" : "no_whole_frame", "truncated or oversize"};
  const Outcome outcome = whole ? map_message(frame.bytes, mapping, who, now, nullptr)
                                : unreadable(frame.bytes, part, mapping, who, now);
  const Line line = std::visit([](const auto& o) { return line_of(o); }, outcome);
  std::printf("%s", fmt::format("{}:{}  {}  {}  {}\n", file, number, name_of(frame.bytes),
                                line.outcome, line.detail)
                        .c_str());
  totals.add(line.outcome + (line.outcome == "event" ? "" : ": " + line.detail));
  good = good && line.good;
  const auto* mapped = std::get_if<Mapped>(&outcome);
  if (!mapped) return ok();
  for (const MappedEvent& one : mapped->events) {
    kinds.add(one.event.header().kind());
    if (events) TRY_DO(write_line(*events, one.event));
  }
  return ok();
}

void print_rows(const Tally& tally) {
  for (const auto& [what, count] : tally.rows()) {
    std::printf("%s", fmt::format("{:>8}  {}\n", count, what).c_str());
  }
}

void print_totals(const Trial& trial, uint64_t messages) {
  std::printf("\n%s", fmt::format("{} messages\n", messages).c_str());
  print_rows(trial.totals);
  std::printf("%s", fmt::format("\n{} events\n", trial.kinds.total()).c_str());
  print_rows(trial.kinds);
}

void print_absent(const std::string& mapping_file) {
  const auto toml = read_mapping_text(mapping_file);
  const auto absent = toml.ok() ? absent_keys(*toml, mapping_file) : toml.error();
  if (!absent.ok() || absent->empty()) return;
  std::printf("\nKeys that the mapping leaves at their defaults:\n");
  for (const std::string& key : *absent) std::printf("  %s\n", key.c_str());
}

}  // namespace

Exit check_mapping(const MappingCheck& check) {
  const auto mapping = load_mapping(check.mapping_file);
  const auto sample = read_sample(check.sample_file);
  if (!sample.ok()) std::fprintf(stderr, "%s\n", sample.error().text.c_str());
  if (!mapping.ok()) return fail(mapping.error(), Exit::kConfig);
  if (!sample.ok()) return Exit::kBadInput;
  Clock clock;
  const Time now = clock.read().now;
  const ListenerIdentity who = speaker(check.config, check.mapping_file, *mapping);
  const bool shown = check.show == MappingCheck::Show::kIdentity;
  const auto text =
      explain(*sample, *mapping, who, now, shown ? ShowIdentity::kShown : ShowIdentity::kMasked);
  std::fputs(text.c_str(), stdout);
  print_absent(check.mapping_file);
  const Outcome outcome = map_message(*sample, *mapping, who, now, nullptr);
  const bool taken =
      std::holds_alternative<Mapped>(outcome) || std::holds_alternative<OutOfScope>(outcome);
  return taken ? Exit::kOk : Exit::kBadInput;
}

Exit survey_capture(const std::string& path) {
  const auto files = files_of(path);
  if (!files.ok()) return fail(files.error(), Exit::kBadInput);
  Survey survey;
  for (const std::string& file : *files) {
    const auto bytes = read_bytes(file);
    if (!bytes.ok()) return fail(bytes.error(), Exit::kBadInput);
    survey.add_file(read_capture(*bytes));
  }
  std::fputs((survey.report() + survey.draft()).c_str(), stdout);
  return Exit::kOk;
}

Exit dry_run(const DryRun& run) {
  auto mapping = load_mapping(run.mapping_file);
  if (!mapping.ok()) return fail(mapping.error(), Exit::kConfig);
  const auto files = files_of(run.path);
  if (!files.ok()) return fail(files.error(), Exit::kBadInput);
  Clock clock;
  Trial trial{.mapping = std::move(mapping).value(), .now = clock.read().now};
  trial.who = speaker(run.config, run.mapping_file, trial.mapping);
  if (!run.events_file.empty()) {
    auto opened = open_private(run.events_file);
    if (!opened.ok()) return fail(opened.error(), Exit::kUnavailable);
    trial.events = std::move(opened).value();
  }
  uint64_t messages = 0;
  for (const std::string& file : *files) {
    const auto bytes = read_bytes(file);
    if (!bytes.ok()) return fail(bytes.error(), Exit::kBadInput);
    size_t number = 0;
    for (const Frame& frame : read_capture(*bytes).messages) {
      ++messages;
      if (const auto taken = trial.take(file, ++number, frame); !taken.ok()) {
        return fail(taken.error(), Exit::kUnavailable);
      }
    }
  }
  print_totals(trial, messages);
  return trial.good ? Exit::kOk : Exit::kSomeFailed;
}

}  // namespace switchboard::mllp
