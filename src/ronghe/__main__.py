from ronghe.cli.main import main

main()
