#include "adapters/mllp/batch.h"

#include <algorithm>
#include <charconv>

#include "adapters/mllp/ack.h"
#include "broker/base/limits.h"

namespace switchboard::mllp {
namespace {

constexpr std::string_view kFileHeader = "FHS", kHeader = "BHS", kMessage = "MSH", kTrailer = "BTS",
                           kFileTrailer = "FTS";

bool is(std::string_view line, std::string_view segment) {
  return line.substr(0, segment.size()) == segment;
}

// Field `n` of a header (whose first field is the separator) or of a trailer.
std::string_view field(std::string_view line, size_t n) {
  if (line.size() < 4) return "";
  const bool header = is(line, kFileHeader) || is(line, kHeader);
  const char separator = line[3];
  size_t at = 0;
  for (size_t i = header ? 1 : 0; i < n; ++i) {
    at = line.find(separator, at);
    if (at == line.npos) return "";
    ++at;
  }
  return line.substr(at, line.find(separator, at) - at);
}

std::string kept(std::string_view line) {
  return std::string(line.size() <= limits::kHeaderBytesMax ? line : line.substr(0, 8));
}

class Reader {
 public:
  explicit Reader(std::string_view frame) : frame_(frame) {}

  BatchFrame read() {
    for (size_t at = 0; at < frame_.size();) {
      const size_t end = std::min(frame_.find_first_of("\r\n", at), frame_.size());
      if (end > at && !take(frame_.substr(at, end - at), at)) return std::move(out_);
      at = end + 1;
    }
    end_message(frame_.size());
    end_group();
    end_file();
    return std::move(out_);
  }

 private:
  Batch& batch() { return out_.batch; }
  void wrong(std::string what) {
    if (batch().wrong.size() < 8) batch().wrong.push_back(std::move(what));
  }

  // False: there is more than is read.
  bool take(std::string_view line, size_t at) {
    if (is(line, kMessage)) {
      end_message(at);
      if (out_.messages.size() == kBatchMessagesMax) return !(out_.too_many = true);
      message_ = at;
      if (!in_group_) begin_group("");
    } else if (is(line, kFileHeader)) {
      end_message(at);
      if (at != 0) wrong("a second FHS");
      batch().file_header = kept(line);
    } else if (is(line, kHeader)) {
      end_message(at);
      end_group();
      begin_group(kept(line));
      wants_trailer_ = true;
      ++headers_;
    } else if (is(line, kTrailer)) {
      end_message(at);
      take_trailer(line);
    } else if (is(line, kFileTrailer)) {
      end_message(at);
      end_group();
      file_ended_ = true;
      check(line, headers_ > 0 ? headers_ : out_.messages.size());
    } else if (!message_) {
      wrong("a segment outside of any message");
    }
    return true;
  }

  void take_trailer(std::string_view line) {
    if (!in_group_) return wrong("BTS without a batch");
    wants_trailer_ = false;
    check(line, batch().groups.back().messages);
    end_group();
  }

  // An empty count says nothing.
  void check(std::string_view line, size_t found) {
    const std::string_view said = field(line, 1);
    if (said.empty()) return;
    size_t number = 0;
    const auto [end, failed] = std::from_chars(said.data(), said.data() + said.size(), number);
    const bool read = failed == std::errc() && end == said.data() + said.size();
    if (read && number == found) return;
    wrong(std::string(line.substr(0, 3)) + "-1 says " +
          (read ? std::to_string(number) : "no number") + ", there are " + std::to_string(found));
  }

  void begin_group(std::string header) {
    batch().groups.push_back({.header = std::move(header)});
    in_group_ = true;
  }
  void end_message(size_t at) {
    if (!message_) return;
    out_.messages.push_back(frame_.substr(*message_, at - *message_));
    ++batch().groups.back().messages;
    message_.reset();
  }
  void end_group() {
    if (in_group_ && wants_trailer_) wrong("a batch without its BTS");
    in_group_ = wants_trailer_ = false;
  }
  void end_file() {
    if (!batch().file_header.empty() && !file_ended_) wrong("a file without its FTS");
  }

  std::string_view frame_;
  BatchFrame out_;
  std::optional<size_t> message_;  // where the open one begins
  bool in_group_ = false, wants_trailer_ = false, file_ended_ = false;
  size_t headers_ = 0;
};

// FHS or BHS that answers one: sender and receiver change places, -12 names what is answered.
std::string answer_header(std::string_view request, const BatchReply& reply, std::string_view id) {
  const char separator = request.size() > 3 ? request[3] : '|';
  const std::string encoding(request.size() > 3 ? field(request, 2) : "^~\\&");
  std::string out(request.substr(0, 3));
  const std::string_view fields[] = {field(request, 5), field(request, 6), field(request, 3),
                                     field(request, 4)};
  out += separator + encoding;
  for (const auto part : fields) out.append(1, separator).append(part);
  out += separator + hl7_time_stamp(reply.now) + std::string(4, separator);
  out.append(id).append(1, separator).append(field(request, 11));
  return out + '\r';
}

std::string answer_group(const Batch::Group& group, const BatchReply& reply, size_t first,
                         const std::string& id) {
  std::string acks;
  size_t count = 0;
  for (size_t i = first; i < first + group.messages; ++i) {
    for (const auto& ack : reply.acks[i]) acks += ack, ++count;
  }
  if (group.header.empty()) return acks;
  const char separator = group.header.size() > 3 ? group.header[3] : '|';
  std::string comment;
  for (const auto& text : reply.request.wrong) comment += (comment.empty() ? "" : "; ") + text;
  std::string trailer = "BTS" + (separator + std::to_string(count));
  if (!comment.empty()) trailer += separator + comment;
  return answer_header(group.header, reply, id) + acks + trailer + '\r';
}

}  // namespace

bool is_batch(std::string_view frame) { return is(frame, kFileHeader) || is(frame, kHeader); }

BatchFrame read_batch(std::string_view frame) { return Reader(frame).read(); }

std::string build_batch_reply(const BatchReply& reply) {
  size_t messages = 0;
  for (const auto& group : reply.request.groups) messages += group.messages;
  const auto said = [](const auto& acks) { return !acks.empty(); };
  if (messages > 0 && std::none_of(reply.acks.begin(), reply.acks.end(), said)) return "";
  std::string out;
  const std::string& file = reply.request.file_header;
  if (!file.empty()) out += answer_header(file, reply, reply.control_id);
  size_t first = 0, number = 0;
  for (const auto& group : reply.request.groups) {
    const std::string id = reply.control_id + (number == 0 ? "" : "." + std::to_string(number));
    out += answer_group(group, reply, first, id);
    first += group.messages;
    ++number;
  }
  if (!file.empty()) {
    const char separator = file.size() > 3 ? file[3] : '|';
    out += "FTS" + (separator + std::to_string(number)) + '\r';
  }
  return out;
}

}  // namespace switchboard::mllp
