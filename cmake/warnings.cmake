# The warnings of STYLE: in every build; errors in our presets (THREADLINE_WERROR).
add_compile_options(-Wall -Wextra -Wshadow)
add_compile_options("$<$<COMPILE_LANGUAGE:C>:-Wpedantic;-Wmissing-prototypes;-Wstrict-prototypes>")
if(THREADLINE_WERROR)
	add_compile_options(-Werror)
endif()
