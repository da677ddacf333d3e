/* A trace's metadata file as text; see metadata_text.h. */
#include "viewer/read/metadata_text.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define METADATA_MAX ((size_t)256 << 20)
#define PACKET_HEAD 37 /* bytes of a metadata packet's header: CTF 1.8.3, section 7.1 */

static uint32_t load32(const char *at, bool big)
{
	uint32_t value;

	memcpy(&value, at, sizeof value);
	return big ? be32toh(value) : le32toh(value);
}

/* Turns packetized metadata into its text, in place; the new size. Plain text stays. */
static size_t unpack(char *text, size_t size, enum tl_metadata_form *form)
{
	size_t out = 0, at = 0;
	bool big;

	*form = TL_METADATA_PLAIN;
	if (size < PACKET_HEAD || (load32(text, true) != 0x75D11D57 && load32(text, false) != 0x75D11D57))
		return size;
	big = load32(text, true) == 0x75D11D57;
	while (size - at >= PACKET_HEAD) {
		size_t content = load32(text + at + 24, big) / 8, packet = load32(text + at + 28, big) / 8;

		if (content < PACKET_HEAD || packet < content || packet > size - at)
			break;
		memmove(text + out, text + at + PACKET_HEAD, content - PACKET_HEAD);
		out += content - PACKET_HEAD;
		at += packet;
	}
	*form = at == size ? TL_METADATA_PACKETS : TL_METADATA_DAMAGED;
	return out;
}

char *tl_metadata_load(const char *path, size_t *size, enum tl_metadata_form *form)
{
	FILE *file = fopen(path, "rb");
	long length = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
	char *text = length >= 0 && (size_t)length <= METADATA_MAX ? malloc((size_t)length + 1) : NULL;

	if (text) {
		rewind(file);
		*size = unpack(text, fread(text, 1, (size_t)length, file), form);
	}
	if (file)
		fclose(file);
	return text;
}
