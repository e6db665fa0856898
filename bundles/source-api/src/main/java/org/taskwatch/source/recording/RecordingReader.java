// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.recording;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.RawText;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// Reads a recording, a line at a time. The package says which lines there are.
///
/// It holds one line in memory, and that is at most [#MOST_LINE_BYTES] long. For one thread at a time.
public final class RecordingReader implements AutoCloseable {
    /// The longest line, in bytes without its end.
    public static final int MOST_LINE_BYTES = 1 << 20;

    /// The first line.
    static final String HEADER = "taskwatch-recording 1";

    private static final String NAME = "taskwatch-recording ";
    private static final int BUFFER = 64 << 10;

    private final InputStream in;
    private final LineParser parser = new LineParser();
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private long line;
    private boolean isCut;

    /// Begins to read.
    ///
    /// @param in the recording; not to be read by anybody else
    /// @throws RecordingException if it is no recording
    /// @throws IOException if it can't be read
    public RecordingReader(InputStream in) throws IOException, RecordingException {
        this.in = in;
        String first = readLine();
        if (!HEADER.equals(first)) {
            throw new RecordingException(1, notHeader(first));
        }
    }

    private static String notHeader(@Nullable String first) {
        if (first == null) {
            return "it has no end; expected '" + HEADER + "' and a line feed";
        }
        String problem = first.startsWith(NAME) ? "this version can't be read" : "no recording";
        return "%s: it is %s; expected '%s'".formatted(problem, LineCursor.shown(first), HEADER);
    }

    /// Reads the next line that is neither empty nor a comment.
    ///
    /// @return what it says; null at the end
    /// @throws RecordingException if it is not as it must be; the next call reads the line after it
    /// @throws IOException if it can't be read
    public @Nullable RecordingLine next() throws IOException, RecordingException {
        for (String text = readLine(); text != null; text = readLine()) {
            LineCursor cursor = new LineCursor(text, line);
            if (cursor.hasWord() && !cursor.isAt('#')) {
                return parser.parse(cursor);
            }
        }
        return null;
    }

    /// {@return the number of the line that was read last, from 1}
    public long line() {
        return line;
    }

    /// {@return whether the end was met inside a line: the recording was cut there, and what there is of
    /// that line is not told}
    public boolean isCut() {
        return isCut;
    }

    private @Nullable String readLine() throws IOException, RecordingException {
        ByteArrayOutputStream bytes = null;
        boolean isTooLong = false;
        while (fill()) {
            int feed = at;
            while (feed < end && buffer[feed] != '\n') {
                feed++;
            }
            boolean isWhole = feed < end;
            if (isWhole && bytes == null && !isTooLong) { // as nearly always
                String text = RawText.of(buffer, at, feed);
                goBehind(feed);
                return text;
            }
            bytes = bytes == null ? new ByteArrayOutputStream() : bytes;
            isTooLong |= bytes.size() + feed - at > MOST_LINE_BYTES;
            if (!isTooLong) {
                bytes.write(buffer, at, feed - at);
            }
            if (isWhole) {
                goBehind(feed);
                return text(bytes, isTooLong);
            }
            at = end;
        }
        if (bytes != null) {
            line++;
            isCut = true;
        }
        return null;
    }

    private void goBehind(int feed) {
        at = feed + 1;
        line++;
    }

    private String text(ByteArrayOutputStream bytes, boolean isTooLong) throws RecordingException {
        if (isTooLong) {
            throw new RecordingException(
                    line, "it is too long; expected at most " + MOST_LINE_BYTES + " bytes");
        }
        return RawText.of(bytes.toByteArray());
    }

    /// {@return whether there is more}
    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(buffer));
        }
        return at < end;
    }

    /// Closes what it reads.
    @Override
    public void close() throws IOException {
        in.close();
    }
}
