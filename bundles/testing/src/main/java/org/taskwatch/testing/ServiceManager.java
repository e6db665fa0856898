// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A service manager, as far as it listens to what `sd_notify(3)` sends. The JDK has no datagrams between processes, so
/// a Python program receives them. Skips the test where there is no Python.
public final class ServiceManager implements AutoCloseable {
    private static final String PROGRAM =
            """
            import socket, sys
            name = sys.argv[1]
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind('\\0' + name[1:] if name[0] == '@' else name)
            print(flush=True)
            while True:
                print(s.recv(4096).decode(), flush=True)
            """;

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader = new Thread(this::read, "test-manager");
    private final BufferedReader out;

    private ServiceManager(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    /// {@return one that listens from now on}
    ///
    /// @param address the path of a socket to be made, or `@` and a name in the abstract namespace
    /// @throws IOException if it can't
    public static ServiceManager listen(String address) throws IOException {
        Needs.program("python3");
        ProcessBuilder python = new ProcessBuilder("python3", "-c", PROGRAM, address);
        python.environment().put("PYTHONIOENCODING", "utf-8");
        ServiceManager manager =
                new ServiceManager(python.redirectError(ProcessBuilder.Redirect.INHERIT).start());
        if (manager.out.readLine() == null) {
            throw new IOException("nobody listens at " + address);
        }
        manager.reader.start();
        return manager;
    }

    private void read() {
        try {
            out.lines().forEach(lines::add);
        } catch (UncheckedIOException _) {
            // It was closed meanwhile.
        }
    }

    /// {@return all lines that were sent to it so far}
    public List<String> lines() {
        return lines;
    }

    /// Ends listening.
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
