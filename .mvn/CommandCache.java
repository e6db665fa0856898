// SPDX-License-Identifier: Apache-2.0

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Makes `lib/commands.aot` in a distribution, the JVM's cache of what the commands load: by running
/// `taskwatch monitor`, which needs most of it, while this program answers in place of an instance.
final class CommandCache {
    private static final long DEADLINE_S = 60;

    private CommandCache() {}

    /// Makes the cache.
    ///
    /// @param arguments the distribution
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Path base = Files.createTempDirectory("taskwatch-cache-");
        Process command = null;
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Path socket = Files.createDirectory(base.resolve("run")).resolve("control");
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofPlatform().daemon().start(() -> answer(server));
            command = monitor(home, base);
            boolean hasEnded = command.waitFor(DEADLINE_S, TimeUnit.SECONDS);
            Path cache = base.resolve("commands.aot");
            if (!hasEnded || command.exitValue() != 0 || !Files.exists(cache)) {
                throw new IOException(
                        "no cache was made: " + Files.readString(base.resolve("log")));
            }
            checksum(cache, home.resolve("lib/commands.aot.sum"));
            Files.move(cache, home.resolve("lib/commands.aot"));
        } finally {
            if (command != null) {
                command.destroyForcibly();
            }
            delete(base);
        }
    }

    private static Process monitor(Path home, Path base) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        home.resolve("bin/taskwatch").toString(),
                        "monitor",
                        "--base",
                        base.toString(),
                        "true");
        builder.environment().put("TASKWATCH_JAVA", System.getProperty("java.home"));
        // Not in lib itself, whose path may have spaces.
        builder.environment()
                .put("TASKWATCH_OPTS", "-XX:AOTCacheOutput=" + base.resolve("commands.aot"));
        return builder.redirectErrorStream(true)
                .redirectOutput(base.resolve("log").toFile())
                .start();
    }

    /// `bin/taskwatch` compares it before it uses the cache: a damaged one would crash the JVM.
    private static void checksum(Path cache, Path sum) throws IOException, InterruptedException {
        int status =
                new ProcessBuilder("cksum")
                        .redirectInput(cache.toFile())
                        .redirectOutput(sum.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IOException("cksum of " + cache + " exits with " + status);
        }
    }

    private static void answer(ServerSocketChannel server) {
        try (SocketChannel client = server.accept()) {
            DataInputStream in = new DataInputStream(Channels.newInputStream(client));
            for (int frames = 0; frames < 2; frames++) { // the name of the command, and its line
                in.readByte();
                in.readNBytes(in.readInt());
            }
            client.write(frame('O', "following\n".getBytes(StandardCharsets.US_ASCII)));
            client.write(frame('X', new byte[Integer.BYTES]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer frame(char type, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(1 + Integer.BYTES + payload.length);
        return frame.put((byte) type).putInt(payload.length).put(payload).flip();
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
