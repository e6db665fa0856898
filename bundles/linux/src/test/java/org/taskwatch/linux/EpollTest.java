// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The wait for many descriptors.
public class EpollTest {
    private static final int CAPACITY = 256;

    private final List<Wakeup> opened = new ArrayList<>();
    private Epoll epoll;

    @Before
    public void open() throws LinuxException {
        epoll = Epoll.open();
    }

    @After
    public void close() {
        epoll.close();
        opened.forEach(Descriptor::close);
    }

    private Wakeup wakeup() throws LinuxException {
        Wakeup wakeup = Wakeup.open();
        opened.add(wakeup);
        return wakeup;
    }

    private Wakeup added(long data) throws LinuxException {
        Wakeup wakeup = wakeup();
        epoll.add(wakeup, Epoll.READABLE, data);
        return wakeup;
    }

    @Test
    public void shouldGiveBackTheWholeNumberOfADescriptor() throws Exception {
        added(Long.MIN_VALUE + 7).wake();

        assertThat(epoll.await(0)).isEqualTo(1);
        assertThat(epoll.data(0)).isEqualTo(Long.MIN_VALUE + 7);
        assertThat(epoll.isHangUp(0)).isFalse();
    }

    @Test
    public void shouldTellTheRestWithTheNextCallIfThereAreTooMany() throws Exception {
        for (int i = 0; i < CAPACITY + 44; i++) {
            added(i).wake();
        }
        Set<Long> told = new TreeSet<>();
        for (int call = 0; call < 2; call++) {
            int count = epoll.await(0);
            assertThat(count).isEqualTo(CAPACITY);
            for (int i = 0; i < count; i++) {
                told.add(epoll.data(i));
            }
        }
        assertThat(told).hasSize(CAPACITY + 44);
    }

    @Test
    public void shouldNotTellWhatWasNotAskedFor() throws Exception {
        Wakeup wakeup = wakeup();
        epoll.add(wakeup, 0, 1);
        wakeup.wake();
        assertThat(epoll.await(0)).isZero();

        epoll.change(wakeup, Epoll.READABLE, 2);

        assertThat(epoll.await(0)).isEqualTo(1);
        assertThat(epoll.data(0)).isEqualTo(2);
    }

    @Test
    public void shouldForgetADescriptorThatIsClosed() throws Exception {
        Wakeup wakeup = added(1);
        wakeup.wake();
        wakeup.close();

        assertThat(epoll.await(0)).isZero();
    }

    @Test
    public void shouldWaitAsLongAsItMay() throws Exception {
        added(1);
        long start = System.nanoTime();

        assertThat(epoll.await(20)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(19_000_000);
    }

    @Test
    public void shouldRefuseToChangeWhatWasNotAddedAndToAddTwice() throws Exception {
        Wakeup wakeup = wakeup();
        assertThatThrownBy(() -> epoll.change(wakeup, Epoll.READABLE, 1))
                .hasMessage("epoll_ctl of a descriptor failed: ENOENT");
        epoll.add(wakeup, Epoll.READABLE, 1);
        assertThatThrownBy(() -> epoll.add(wakeup, Epoll.READABLE, 1))
                .hasMessage("epoll_ctl of a descriptor failed: EEXIST");
    }

    @Test
    public void shouldRefuseUseAfterClose() {
        epoll.close();
        epoll.close();

        assertThatThrownBy(() -> epoll.await(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("already closed: Epoll");
    }
}
