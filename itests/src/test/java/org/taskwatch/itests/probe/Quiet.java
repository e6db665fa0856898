// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.taskwatch.api.Errno;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.OpenFile;

import java.nio.ByteBuffer;

/// A pipe: what one client writes another one reads, and nothing else is there to read.
@Component
@FilePath(value = "probe/quiet", mode = 0644)
public class Quiet implements ControlFile {
    private final Notebook notebook = Notebook.ofThisBundle();

    // Both guarded by this.
    private ByteBuffer written = ByteBuffer.allocate(0);
    private @Nullable Runnable poller;

    @Override
    public OpenFile open(Client client) {
        return new End();
    }

    @Deactivate
    void deactivate() {
        notebook.write("deactivated");
    }

    private synchronized ByteBuffer take(boolean wait) throws FileException, InterruptedException {
        while (!written.hasRemaining()) {
            if (!wait) {
                throw new FileException(Errno.EAGAIN, "nobody has written");
            }
            notebook.write("waiting");
            wait();
        }
        ByteBuffer taken = written;
        written = ByteBuffer.allocate(0);
        return taken;
    }

    private void put(ByteBuffer data) {
        Runnable woken;
        synchronized (this) {
            written = ByteBuffer.allocate(data.remaining()).put(data).flip();
            woken = poller;
            notifyAll();
        }
        if (woken != null) {
            woken.run();
        }
    }

    private synchronized boolean isReadable(Runnable wake) {
        poller = wake;
        notebook.write("polled");
        return written.hasRemaining();
    }

    private final class End implements OpenFile {
        @Override
        public boolean isStream() {
            return true;
        }

        @Override
        public ByteBuffer read(long offset, int size, boolean wait)
                throws FileException, InterruptedException {
            return take(wait);
        }

        @Override
        public void write(ByteBuffer data) {
            put(data);
        }

        @Override
        public boolean isReadable(Runnable wake) {
            return Quiet.this.isReadable(wake);
        }

        @Override
        public void close() {
            notebook.write("closed");
        }
    }
}
