#include "services/nudge/courier.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>

#include "services/nudge/letter.h"

namespace switchboard::nudge {
namespace {

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

void append(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) return;  // out of memory: the transfer fails for want of it
  (void)list.release();
  list.reset(longer);
}

struct Upload {
  std::string bytes;
  size_t sent = 0;
};

size_t read_upload(char* into, size_t size, size_t count, void* from) {
  Upload& upload = *static_cast<Upload*>(from);
  const size_t n = std::min(size * count, upload.bytes.size() - upload.sent);
  std::memcpy(into, upload.bytes.data() + upload.sent, n);
  upload.sent += n;
  return n;
}

size_t drop_answer(char*, size_t size, size_t count, void*) { return size * count; }

}  // namespace

struct Courier::Errand {
  v1::NudgeJob job;
  Upload upload;
  List headers;
  List recipients;
  std::unique_ptr<CURL, FreeEasy> easy{curl_easy_init()};
};

Courier::Courier(const Settings& settings) : settings_(settings), multi_(curl_multi_init()) {}

Courier::~Courier() {
  for (const auto& errand : errands_) curl_multi_remove_handle(multi_, errand->easy.get());
  errands_.clear();
  curl_multi_cleanup(multi_);
  curl_global_cleanup();
}

Result<std::unique_ptr<Courier>> Courier::open(const Settings& settings) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return error(v1::CODE_INTERNAL, "libcurl does not start");
  }
  std::unique_ptr<Courier> courier(new Courier(settings));
  if (courier->multi_ == nullptr) return error(v1::CODE_INTERNAL, "libcurl does not start");
  return courier;
}

void Courier::carry(v1::NudgeJob job, Time now) {
  auto errand = std::make_unique<Errand>();
  errand->job = std::move(job);
  if (errand->easy == nullptr) {
    return end(std::move(errand->job), v1::NUDGE_STATE_WAITING, "out of memory");
  }
  const bool mail = errand->job.via() == v1::NUDGE_VIA_MAIL;
  if (!(mail ? prepare_mail(*errand, now) : prepare_hook(*errand, now))) return;
  prepare_common(*errand);
  curl_multi_add_handle(multi_, errand->easy.get());
  errands_.push_back(std::move(errand));
}

// False: it has ended already.
bool Courier::prepare_mail(Errand& errand, Time now) {
  if (!settings_.relay) {
    end(std::move(errand.job), v1::NUDGE_STATE_FAILED, "no mail relay is configured");
    return false;
  }
  const Relay& relay = *settings_.relay;
  auto mail = mail_of(errand.job, relay.from, now);
  if (!mail) {
    end(std::move(errand.job), v1::NUDGE_STATE_FAILED, "the team's mail address is none");
    return false;
  }
  errand.upload.bytes = std::move(*mail);
  CURL* easy = errand.easy.get();
  append(errand.recipients, "<" + errand.job.address() + ">");
  curl_easy_setopt(easy, CURLOPT_URL, relay.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  const long tls = relay.tls ? CURLUSESSL_ALL : CURLUSESSL_NONE;
  curl_easy_setopt(easy, CURLOPT_USE_SSL, tls);
  if (!relay.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, relay.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, relay.password.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, ("<" + relay.from + ">").c_str());
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, errand.recipients.get());
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_upload);
  curl_easy_setopt(easy, CURLOPT_READDATA, &errand.upload);
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  return true;
}

bool Courier::prepare_hook(Errand& errand, Time now) {
  if (!settings_.webhook_key) {
    end(std::move(errand.job), v1::NUDGE_STATE_FAILED, "no webhook key is configured");
    return false;
  }
  const std::string& url = errand.job.address();
  const bool loopback = url.starts_with("http://") && is_loopback(host_of(url));
  if (!url.starts_with("https://") && !loopback) {
    end(std::move(errand.job), v1::NUDGE_STATE_FAILED, "the team's webhook is not https");
    return false;
  }
  Hook hook = hook_of(errand.job, *settings_.webhook_key, now);
  errand.upload.bytes = std::move(hook.body);
  append(errand.headers, "Content-Type: application/json");
  append(errand.headers, "Idempotency-Key: " + hook.key);
  append(errand.headers, "X-Switchboard-Timestamp: " + hook.timestamp);
  append(errand.headers, "X-Switchboard-Signature: " + hook.signature);
  append(errand.headers, "Expect:");
  CURL* easy = errand.easy.get();
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, loopback ? "http" : "https");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, errand.headers.get());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(errand.upload.bytes.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, errand.upload.bytes.c_str());
  return true;
}

void Courier::prepare_common(Errand& errand) {
  CURL* easy = errand.easy.get();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &errand);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(settings_.timeout.us / 1000));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop_answer);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!settings_.ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, settings_.ca_file.c_str());
  }
}

void Courier::work() {
  int running = 0;
  curl_multi_perform(multi_, &running);
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    Errand* errand = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &errand);
    curl_multi_remove_handle(multi_, message->easy_handle);
    judge(*errand, code);
    errands_.remove_if([&](const auto& one) { return one.get() == errand; });
  }
}

void Courier::judge(Errand& errand, int curl_code) {
  const auto code = static_cast<CURLcode>(curl_code);
  long answered = 0;
  curl_easy_getinfo(errand.easy.get(), CURLINFO_RESPONSE_CODE, &answered);
  const bool mail = errand.job.via() == v1::NUDGE_VIA_MAIL;
  if (code == CURLE_OK && (mail || (answered >= 200 && answered < 300))) {
    return end(std::move(errand.job), v1::NUDGE_STATE_SENT, {});
  }
  std::string why = mail ? "mail relay: " : "webhook: ";
  why += code == CURLE_OK ? "not taken" : curl_easy_strerror(code);
  if (answered > 0) why += " (answer " + std::to_string(answered) + ")";
  const bool last = errand.job.attempts() >= settings_.attempts_max;
  end(std::move(errand.job), last ? v1::NUDGE_STATE_FAILED : v1::NUDGE_STATE_WAITING,
      std::move(why));
}

void Courier::end(v1::NudgeJob job, v1::NudgeState state, std::string why) {
  done_.push_back({std::move(job), state, std::move(why)});
}

std::vector<Carried> Courier::take_done() { return std::exchange(done_, {}); }

bool Courier::has(const std::string& nudge_id) const {
  return std::any_of(errands_.begin(), errands_.end(),
                     [&](const auto& one) { return one->job.nudge_id() == nudge_id; });
}

}  // namespace switchboard::nudge
