// C++ waits of every kind: mutexes, shared mutex, condition variable, async, and those
// that stand on futexes: atomic::wait, latch, counting_semaphore, call_once.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

static bool ping_pong(int rounds)
{
	std::atomic<int> turn{0};
	auto play = [&](int me) {
		for (int i = 0; i < rounds; i++) {
			for (int now; (now = turn.load()) % 2 != me;)
				turn.wait(now);
			std::this_thread::sleep_for(100us); // so that the other one really sleeps
			turn.fetch_add(1);
			turn.notify_all();
		}
	};
	std::thread a(play, 0), b(play, 1);
	a.join();
	b.join();
	return turn == 2 * rounds;
}

static bool semaphore_and_latch()
{
	std::counting_semaphore<8> items{0};
	std::latch done{3};
	std::atomic<int> taken{0};
	std::vector<std::thread> threads;
	for (int i = 0; i < 3; i++)
		threads.emplace_back([&] {
			for (int n = 0; n < 20; n++) {
				items.acquire();
				taken++;
			}
			done.count_down();
		});
	for (int n = 0; n < 60; n++) {
		std::this_thread::sleep_for(100us);
		items.release();
	}
	done.wait();
	for (auto &thread : threads)
		thread.join();
	return taken == 60;
}

static bool locks()
{
	std::shared_mutex shared;
	std::timed_mutex timed;
	std::mutex mutex;
	std::condition_variable changed;
	int value = 0;
	bool in_time = true;
	auto work = [&] {
		for (int i = 0; i < 500; i++) {
			{
				std::unique_lock lock(shared);
				value++;
			}
			{
				std::shared_lock lock(shared);
				in_time = in_time && value > 0;
			}
			if (timed.try_lock_for(10s))
				timed.unlock();
			else
				in_time = false;
		}
		std::lock_guard lock(mutex);
		changed.notify_all();
	};
	auto first = std::async(std::launch::async, work), second = std::async(std::launch::async, work);
	std::unique_lock lock(mutex);
	bool timed_out = !changed.wait_for(lock, 1ms, [] { return false; });
	lock.unlock();
	first.get();
	second.get();
	return value == 1000 && in_time && timed_out;
}

// An exception leaves call_once through our wrapper, and the next caller runs it again.
static bool once_with_exceptions()
{
	std::once_flag flag;
	int runs = 0;
	bool caught = false;
	try {
		std::call_once(flag, [&] {
			runs++;
			throw std::runtime_error("first");
		});
	} catch (const std::runtime_error &) {
		caught = true;
	}
	std::call_once(flag, [&] { runs++; });
	std::call_once(flag, [&] { runs++; });
	return caught && runs == 2;
}

int main()
{
	if (!ping_pong(50))
		return 1;
	if (!semaphore_and_latch())
		return 2;
	if (!locks())
		return 3;
	return once_with_exceptions() ? 0 : 4;
}
