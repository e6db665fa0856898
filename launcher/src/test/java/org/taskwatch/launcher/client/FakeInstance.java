// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.launcher.base.Base;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Answers at the control socket of a base as an instance would: each session notes its first frame,
/// and the name of the command before that, and then runs a script.
public final class FakeInstance implements AutoCloseable {
    /// What one session sends.
    public interface Script {
        void run(SocketChannel client) throws IOException;
    }

    private final ServerSocketChannel server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> names = new CopyOnWriteArrayList<>();

    public FakeInstance(Base base, Script script) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(base.control()));
        Thread.ofPlatform().daemon().start(() -> serve(script));
    }

    private void serve(Script script) {
        try {
            while (true) {
                try (SocketChannel client = server.accept()) {
                    DataInputStream in = new DataInputStream(Channels.newInputStream(client));
                    String request = request(in);
                    if (request.startsWith("N ")) {
                        names.add(request.substring(2));
                        request = request(in);
                    }
                    requests.add(request);
                    script.run(client);
                }
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private static String request(DataInputStream in) throws IOException {
        byte type = in.readByte();
        return (char) type + " " + new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    public static void send(SocketChannel client, char type, String payload) throws IOException {
        send(client, type, payload.getBytes(StandardCharsets.UTF_8));
    }

    public static void exit(SocketChannel client, int status) throws IOException {
        send(client, 'X', ByteBuffer.allocate(4).putInt(status).array());
    }

    private static void send(SocketChannel client, char type, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(5 + payload.length);
        client.write(frame.put((byte) type).putInt(payload.length).put(payload).flip());
    }

    public List<String> requests() {
        return requests;
    }

    /// {@return by which names commands were called, of those that say it}
    public List<String> names() {
        return names;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
