// A pipeline as C++ programs have them: a reader hands blocks through a bounded queue
// (mutex, two condition variables) to workers (std::async) that compress-like hash them,
// and each block's turn in the output is waited for with atomic::wait.
//
//     pipeline BLOCKS    prints the checksum of the output
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <future>
#include <mutex>
#include <utility>
#include <vector>

namespace {

constexpr int workers = 4;
constexpr std::size_t block_words = 8192, depth = 8;

struct Block {
	long number = -1; // -1: there are no more
	std::vector<std::uint64_t> words;
};

class Queue {
public:
	void put(Block block)
	{
		std::unique_lock lock(mutex);
		room.wait(lock, [&] { return blocks.size() < depth; });
		blocks.push_back(std::move(block));
		some.notify_one();
	}
	Block take()
	{
		std::unique_lock lock(mutex);
		some.wait(lock, [&] { return !blocks.empty(); });
		Block block = std::move(blocks.front());
		blocks.pop_front();
		room.notify_one();
		return block;
	}

private:
	std::mutex mutex;
	std::condition_variable some, room;
	std::deque<Block> blocks;
};

std::uint64_t mixed(std::uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9u;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

// About a millisecond of work.
std::uint64_t digest(const Block &block)
{
	std::uint64_t sum = 0;
	for (std::uint64_t pass = 0; pass < 16; pass++)
		for (auto word : block.words)
			sum = mixed(sum + word + pass);
	return sum;
}

Block made(long number)
{
	Block block{number, std::vector<std::uint64_t>(block_words)};
	for (std::size_t i = 0; i < block_words; i++)
		block.words[i] = mixed(static_cast<std::uint64_t>(number) * block_words + i);
	return block;
}

} // namespace

int main(int argc, char **argv)
{
	const long n = argc == 2 ? std::atol(argv[1]) : 0;
	if (n <= 0) {
		std::fputs("usage: pipeline BLOCKS\n", stderr);
		return 2;
	}
	Queue queue;
	std::atomic<long> turn{0};
	std::uint64_t output = 0; // whose turn it is, writes
	std::vector<std::future<long>> done;
	for (int i = 0; i < workers; i++)
		done.push_back(std::async(std::launch::async, [&] {
			long mine = 0;
			for (Block block = queue.take(); block.number >= 0; block = queue.take(), mine++) {
				const std::uint64_t sum = digest(block);
				for (long now; (now = turn.load()) != block.number;)
					turn.wait(now);
				output = mixed(output ^ sum);
				turn.store(block.number + 1);
				turn.notify_all();
			}
			return mine;
		}));
	for (long i = 0; i < n; i++)
		queue.put(made(i));
	for (int i = 0; i < workers; i++)
		queue.put({});
	long blocks = 0;
	for (auto &each : done)
		blocks += each.get();
	std::printf("%016llx\n", static_cast<unsigned long long>(output));
	return blocks == n ? 0 : 1;
}
