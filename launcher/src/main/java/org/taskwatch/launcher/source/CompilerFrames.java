// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.source;

import org.jspecify.annotations.Nullable;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What an instance and its compiler process say to each other, over the standard input and output of the latter. Both
/// are of one distribution, so there is no version.
///
///     request   text source, long milliseconds since 1970 when it was written, int jars, text each
///     answer    byte kind, then: 0 int length, jar; else text message
///     text      int length, UTF-8
final class CompilerFrames {
    private static final int JAR = 0;
    private static final int FAILED = 1;

    /// Behind it come the causes of a [SourceException], in their order.
    private static final int WRONG = 2;

    /// The last cause.
    private static final int LAST = WRONG + SourceException.Cause.values().length - 1;

    /// Of a text or a jar, in bytes: a source has 64 KiB.
    private static final int MOST = 16 << 20;

    private CompilerFrames() {}

    /// A source to be made a bundle of: the parameters of [Compiler#bundle].
    record Request(Path source, Instant written, List<Path> classPath) {
        void write(DataOutputStream out) throws IOException {
            writeText(out, source.toString());
            out.writeLong(written.toEpochMilli());
            out.writeInt(classPath.size());
            for (Path jar : classPath) {
                writeText(out, jar.toString());
            }
            out.flush();
        }

        /// {@return the next one, null if there will be none}
        static @Nullable Request read(DataInputStream in) throws IOException {
            String source;
            try {
                source = readText(in);
            } catch (EOFException _) {
                return null;
            }
            Instant written = Instant.ofEpochMilli(in.readLong());
            List<Path> classPath = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                classPath.add(Path.of(readText(in)));
            }
            return new Request(Path.of(source), written, classPath);
        }
    }

    /// What has come of it: a jar, or why there is none.
    ///
    /// @param kind [#JAR], [#FAILED], or [#WRONG] and more
    /// @param content the jar, or the message
    record Answer(int kind, byte[] content) {
        static Answer of(Request request, Compiler compiler) {
            try {
                return new Answer(
                        JAR, compiler.bundle(request.source, request.written, request.classPath));
            } catch (SourceException e) {
                return failed(WRONG + e.cause().ordinal(), e);
            } catch (IOException | RuntimeException e) {
                return failed(FAILED, e);
            }
        }

        private static Answer failed(int kind, Exception e) {
            return new Answer(
                    kind, String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
        }

        void write(DataOutputStream out) throws IOException {
            out.writeByte(kind);
            out.writeInt(content.length);
            out.write(content);
            out.flush();
        }

        static Answer read(DataInputStream in) throws IOException {
            int kind = in.readByte();
            if (kind < JAR || kind > LAST) {
                throw new IOException("it is no answer of a compiler");
            }
            return new Answer(kind, readBytes(in));
        }

        /// {@return the jar}
        ///
        /// @throws IOException what the compiler threw
        byte[] jar() throws IOException {
            String message = kind == JAR ? "" : new String(content, StandardCharsets.UTF_8);
            return switch (kind) {
                case JAR -> content;
                case FAILED -> throw new IOException(message);
                default ->
                        throw new SourceException(
                                message, SourceException.Cause.values()[kind - WRONG]);
            };
        }
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MOST) {
            throw new IOException("it has a length of " + length);
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}
