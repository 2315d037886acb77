process.stderr.write('suanpan <noun> <verb>\n');
process.exitCode = 2;
