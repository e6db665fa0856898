// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.Frame;
import org.taskwatch.launcher.base.Base;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Answers at the control socket of a base as an instance would: each session notes its first frame,
/// and then runs a script.
public final class FakeInstance implements AutoCloseable {
    /// What one session sends.
    public interface Script {
        void run(SocketChannel client) throws IOException;
    }

    private static final Duration END = Duration.ofSeconds(5);

    private final ServerSocketChannel server;
    private final Thread thread;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    public FakeInstance(Base base, Script script) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(base.control()));
        thread = Thread.ofPlatform().daemon().start(() -> serve(script));
    }

    private void serve(Script script) {
        try {
            while (true) {
                try (SocketChannel client = server.accept()) {
                    DataInputStream in = new DataInputStream(Channels.newInputStream(client));
                    Frame request = Frame.read(in);
                    if (request != null) { // else the client only looks whether somebody listens
                        requests.add(request(request));
                        script.run(client);
                    }
                }
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    /// The words of a command stand between bars here, as no word of the tests has one.
    private static String request(Frame frame) throws IOException {
        String text =
                frame.type() == Frame.COMMAND ? String.join("|", frame.words()) : frame.text();
        return (char) frame.type() + " " + text;
    }

    static void send(SocketChannel client, char type, String payload) throws IOException {
        client.write(Frame.of((byte) type, payload).encode());
    }

    public static void exit(SocketChannel client, int status) throws IOException {
        client.write(Frame.exit(status).encode());
    }

    public List<String> requests() {
        return requests;
    }

    /// Nobody listens any more when it returns: the thread that accepts holds the socket until then.
    @Override
    public void close() throws IOException {
        server.close();
        try {
            thread.join(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
