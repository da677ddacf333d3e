// C++17 futures of every kind: async, deferred, packaged_task on a thread, shared_future
// that many wait for, a wait that times out, an exception that crosses threads.
#include <chrono>
#include <future>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

static long sum(const std::vector<int> &values, std::size_t first, std::size_t last)
{
	if (last - first <= 1000)
		return std::accumulate(values.begin() + static_cast<long>(first), values.begin() + static_cast<long>(last), 0L);
	const std::size_t middle = first + (last - first) / 2;
	auto left = std::async(std::launch::async, sum, std::cref(values), first, middle);
	const long right = sum(values, middle, last);
	return left.get() + right;
}

static bool shared()
{
	std::promise<int> promise;
	std::shared_future<int> future = promise.get_future().share();
	std::vector<std::future<int>> waiting;
	for (int i = 0; i < 4; i++)
		waiting.push_back(std::async(std::launch::async, [future, i] { return future.get() * i; }));
	const bool early = future.wait_for(5ms) == std::future_status::timeout;
	promise.set_value(7);
	int total = 0;
	for (auto &each : waiting)
		total += each.get();
	return early && total == 7 * (1 + 2 + 3);
}

static bool packaged()
{
	std::packaged_task<int(int)> task([](int n) {
		std::this_thread::sleep_for(5ms);
		if (n < 0)
			throw std::invalid_argument("negative");
		return n + 1;
	});
	auto result = task.get_future();
	std::thread thread(std::move(task), -1);
	bool thrown = false;
	try {
		result.get();
	} catch (const std::invalid_argument &) {
		thrown = true;
	}
	thread.join();
	return thrown && std::async(std::launch::deferred, [] { return 3; }).get() == 3;
}

int main()
{
	std::vector<int> values(32000, 1);
	return sum(values, 0, values.size()) == 32000 && shared() && packaged() ? 0 : 1;
}
