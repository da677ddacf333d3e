/* The table of keys: what stands in docs/viewer.md, what the help shows and what a click there does are the same. */
#include "tests/unit/ui/panel_scene.h"

#define HEAD "\n## All keys\n"
#define RULE "|---|---|\n"

static char page[1 << 16];

static void read_page(void)
{
	FILE *file = fopen(TL_SOURCE "/docs/viewer.md", "r");
	size_t n;

	assert_non_null(file);
	n = fread(page, 1, sizeof page - 1, file);
	assert_true(n > 0 && n < sizeof page - 1);
	page[n] = '\0';
	fclose(file);
}

/* A line of the table as the page has it: keys stand apart by two blanks in the one, in quotes of code in the other. */
static void write_line(FILE *out, const struct tl_binding *binding)
{
	const char *key = binding->keys;

	fputs("| ", out);
	while (*key) {
		const char *end = strstr(key, "  ");
		int n = end ? (int)(end - key) : (int)strlen(key);

		fprintf(out, "%s`%.*s`", key == binding->keys ? "" : " ", n, key);
		key += n + (end ? 2 : 0);
	}
	fprintf(out, " | %s |\n", binding->says);
}

static void test_the_page_has_every_key(void **state)
{
	char *want = NULL, *table;
	size_t size = 0;
	FILE *out = open_memstream(&want, &size);

	(void)state;
	assert_non_null(out);
	read_page();
	for (size_t i = 0; i < tl_n_bindings; i++)
		if (tl_bindings[i].keys)
			write_line(out, &tl_bindings[i]);
	fclose(out);
	table = strstr(page, HEAD);
	assert_non_null(table);
	table = strstr(table, RULE);
	assert_non_null(table);
	table += strlen(RULE);
	assert_non_null(strstr(table, "\n\n"));
	strstr(table, "\n\n")[1] = '\0';
	assert_string_equal(table, want);
	free(want);
}

/* Is a letter, with or without Shift or Ctrl, what the binding waits for? Other keys' names are not read here. */
static void check_key(const struct tl_binding *binding, const char *key, size_t n)
{
	static const struct {
		char letter;
		uint32_t scancode;
	} places[] = {{'W', TL_KEY_W}, {'A', TL_KEY_A}, {'S', TL_KEY_S}, {'D', TL_KEY_D}};
	unsigned mods = strncmp(key, "Shift ", 6) == 0 ? TL_MOD_SHIFT : strncmp(key, "Ctrl ", 5) == 0 ? TL_MOD_CTRL : 0;
	char letter = key[n - 1];
	uint32_t scancode = 0;

	if ((n > 1 && key[n - 2] != ' ') || (unsigned char)letter >= 0x80)
		return;
	if (binding->type == TL_INPUT_KEY)
		assert_int_equal(binding->mods, mods);
	for (size_t i = 0; mods == 0 && i < sizeof places / sizeof *places; i++)
		if (places[i].letter == letter)
			scancode = places[i].scancode;
	if (scancode)
		assert_int_equal(binding->scancode, scancode);
	else
		assert_int_equal(binding->sym, letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
}

/* A click on the second key of a line runs the binding after the first: they must stand in that order. */
static void test_keys_of_a_line_are_bindings_in_order(void **state)
{
	size_t checked = 0;

	(void)state;
	for (size_t i = 0; i < tl_n_bindings; i++) {
		const char *key = tl_bindings[i].keys;

		for (size_t at = i; key; at++, checked++) {
			const char *end = strstr(key, "  ");

			assert_true(at < tl_n_bindings && (at == i || !tl_bindings[at].keys));
			check_key(&tl_bindings[at], key, end ? (size_t)(end - key) : strlen(key));
			key = end ? end + 2 : NULL;
		}
	}
	assert_true(checked > 50);
}

/* Each key that the help shows, also those that are not the first of their line. */
static void test_every_key_of_the_help_can_be_clicked(void **state)
{
	static const int sizes[][2] = {{1600, 900}, {800, 600}};

	(void)state;
	for (size_t s = 0; s < 2; s++) {
		struct scene scene;
		bool found[200] = {false};

		open_scene(&scene, sizes[s][0], sizes[s][1]);
		assert_true(tl_n_bindings < 200);
		for (int x = 0; x < sizes[s][0]; x += 6) {
			for (int y = 0; y < sizes[s][1]; y += 5) {
				size_t at = tl_help_at(&scene.view, x, y);

				if (at != SIZE_MAX)
					found[at] = true;
			}
		}
		for (size_t i = 0; i < tl_n_bindings; i++) {
			size_t at = i;

			for (const char *key = tl_bindings[i].keys; key; key = strstr(key, "  ")) {
				key += key == tl_bindings[i].keys ? 0 : 2;
				assert_true(found[at++]);
			}
		}
		end(&scene);
	}
}

TL_UNIT_MAIN(cmocka_unit_test(test_every_key_of_the_help_can_be_clicked), cmocka_unit_test(test_the_page_has_every_key),
	     cmocka_unit_test(test_keys_of_a_line_are_bindings_in_order))
