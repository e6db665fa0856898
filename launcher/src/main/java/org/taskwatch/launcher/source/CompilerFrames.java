// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.source;

import org.jspecify.annotations.Nullable;
import org.taskwatch.control.Frame;
import org.taskwatch.launcher.source.SourceException.Cause;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// What an instance and its compiler process say to each other, over the standard input and output of the latter: frames as
/// those of the control socket.
///
///     COMMAND   the source, when it was written (ISO 8601), and the jars that it may use
///     OUTPUT    the jar of its bundle
///     ERROR     a line with the cause of a SourceException, or FAILED; then the message
final class CompilerFrames {
    private static final String FAILED = "FAILED";
    private static final int PARTS = 2;

    private CompilerFrames() {}

    /// A source to be made a bundle of: the parameters of [Compiler#bundle].
    record Request(Path source, Instant written, List<Path> classPath) {
        Frame frame() {
            return Frame.command(
                    Stream.concat(
                                    Stream.of(source.toString(), written.toString()),
                                    classPath.stream().map(Path::toString))
                            .toList());
        }

        static Request of(Frame frame) throws IOException {
            List<String> words = frame.words();
            return new Request(
                    Path.of(words.get(0)),
                    Instant.parse(words.get(1)),
                    words.stream().skip(PARTS).map(Path::of).toList());
        }

        /// {@return what has come of it}
        Frame answer(Compiler compiler) {
            try {
                byte[] jar = compiler.bundle(source, written, classPath);
                return jar.length <= Frame.MAX_PAYLOAD
                        ? new Frame(Frame.OUTPUT, jar)
                        : error(Cause.SOURCE.name(), "its bundle is too large: make a jar of it");
            } catch (SourceException e) {
                return error(e.cause().name(), e.getMessage());
            } catch (IOException | RuntimeException e) {
                return error(FAILED, e.getMessage());
            }
        }

        private static Frame error(String kind, @Nullable String message) {
            return Frame.of(Frame.ERROR, kind + "\n" + message);
        }
    }

    /// {@return the jar in an answer}
    ///
    /// @throws SourceException if the compiler threw that
    /// @throws IOException likewise
    static byte[] jar(Frame answer) throws IOException {
        if (answer.type() == Frame.OUTPUT) {
            return answer.payload();
        }
        String[] parts = answer.text().split("\n", PARTS);
        throw parts[0].equals(FAILED)
                ? new IOException(parts[1])
                : new SourceException(parts[1], Cause.valueOf(parts[0]));
    }

    /// {@return whether a frame is an answer}
    static boolean isAnswer(Frame frame) {
        return frame.type() == Frame.OUTPUT || frame.type() == Frame.ERROR;
    }
}
