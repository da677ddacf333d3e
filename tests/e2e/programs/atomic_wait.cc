// A token goes round a ring of threads, each of which waits for it with atomic::wait;
// a flag lets them all begin at once. Mostly who is early or late is chance; now and then the
// holder is slow, so that the others really sleep.
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

int main()
{
	constexpr int threads = 4, rounds = 300;
	std::atomic<int> token{0};
	std::atomic_flag begin = ATOMIC_FLAG_INIT;
	int handed = 0; // the token's holder writes
	std::vector<std::thread> ring;
	for (int me = 0; me < threads; me++)
		ring.emplace_back([&, me] {
			begin.wait(false);
			for (int i = 0; i < rounds; i++) {
				for (int now; (now = token.load()) % threads != me;)
					token.wait(now);
				if (handed++ % 10 == 0)
					std::this_thread::sleep_for(std::chrono::microseconds(100));
				token.fetch_add(1);
				token.notify_all();
			}
		});
	begin.test_and_set();
	begin.notify_all();
	for (auto &thread : ring)
		thread.join();
	return handed == threads * rounds ? 0 : 1;
}
