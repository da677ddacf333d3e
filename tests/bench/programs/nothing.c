/* A program that does nothing: what is loaded into it is all that takes time. */
int main(void)
{
	return 0;
}
