#include "broker/server/loop.h"

#include <gtest/gtest.h>

#include "broker/base/bytes.h"
#include "broker/runtime/config.h"
#include "tests/support/temp_dir.h"

namespace switchboard::server {
namespace {

// What the hub's main builds, without a process around it.
class LoopTest : public testing::Test {
 protected:
  LoopTest() {
    dir_.write("broker.toml",
               "data_dir = \"hub\"\nsecret_key_file = \"hub.key\"\n"
               "master_key_file = \"master.key\"\nfree_mark_bytes = 1\n"
               "ballast_bytes = 0\n[store]\nmemtable_mb = 4\nblock_cache_mb = 4\n");
    config_ = load_config<v1::BrokerConfig>(dir_.file("broker.toml")).value().settings;
    store_ = StoreDir::open(config_).value();
    journal_ = std::make_unique<store::Journal>(store_->kv());
    core_ = core::Core::open(*journal_, HashKey{}).value();
    zap_ = wire::Zap::start(context_).value();
    clients_ = open_router("clients");
    admins_ = open_router("admins");
  }
  std::unique_ptr<wire::Router> open_router(const char* domain) {
    return wire::Router::open(
               context_,
               {.bind = "tcp://127.0.0.1:0", .keys = wire::make_key_pair(), .zap_domain = domain})
        .value();
  }
  Loop::Parts parts() {
    return {config_,   *store_, *journal_, *core_,  zap_.get(), *clients_, *admins_,
            *signals_, clock_,  gauges_,   nullptr, "",         "hub"};
  }

  TempDir dir_;
  v1::BrokerConfig config_;
  std::unique_ptr<StoreDir> store_;
  std::unique_ptr<store::Journal> journal_;
  std::unique_ptr<core::Core> core_;
  wire::Context context_;
  std::unique_ptr<wire::Zap> zap_;
  std::unique_ptr<wire::Router> clients_, admins_;
  std::unique_ptr<Signals> signals_ = Signals::open().value();
  Clock clock_;
  Metrics metrics_;
  Gauges gauges_{metrics_};
};

// P9: a hub that can let nobody in must not look as if it worked.
TEST_F(LoopTest, EndsWhenTheThreadThatLetsKeysInHasEnded) {
  Loop loop(parts());
  zap_->stop();
  const auto ended = loop.run();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, v1::CODE_INTERNAL);
}

}  // namespace
}  // namespace switchboard::server
