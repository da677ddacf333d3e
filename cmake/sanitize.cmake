# THREADLINE_SANITIZE reaches the folders that call tl_sanitize_here(): viewer/
# and tests/. The libraries that are loaded into other people's programs go
# without: a preloaded library with a sanitizer's runtime would need the program
# to have it too.
macro(tl_sanitize_here)
	if(THREADLINE_SANITIZE)
		add_compile_options(-fsanitize=${THREADLINE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
		add_link_options(-fsanitize=${THREADLINE_SANITIZE})
	endif()
endmacro()
