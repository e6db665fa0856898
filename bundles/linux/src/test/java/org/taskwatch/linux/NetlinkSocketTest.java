// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Netlink sockets, on the kernel that runs the test: NETLINK_ROUTE is in each and for every user.
public class NetlinkSocketTest {
    private static final int NETLINK_ROUTE = 0;
    private static final int RTM_GETLINK = 18;
    private static final int DUMP_REQUEST = 0x301; // NLM_F_REQUEST | NLM_F_DUMP
    private static final int REQUEST_BYTES = 32; // nlmsghdr and struct ifinfomsg

    @Test
    public void shouldReceiveTheAnswerOfTheKernelInABatch() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.open(NETLINK_ROUTE, 0);
                DatagramBatch batch = new DatagramBatch(4, 32 * 1024)) {
            assertThat(socket.receive(batch)).isZero();
            socket.send(dumpOfLinks());
            int count = socket.receive(batch); // the kernel answers within the send

            assertThat(count).isBetween(1, 4);
            assertThat(batch.sender(0)).isZero();
            assertThat(batch.length(0)).isGreaterThanOrEqualTo(REQUEST_BYTES);
            assertThat(batch.datagrams().getInt(batch.offset(0))).isPositive();
        }
    }

    @Test
    public void shouldCountWhatTheSocketHolds() throws Exception {
        try (NetlinkSocket socket = NetlinkSocket.open(NETLINK_ROUTE, 0)) {
            socket.setReceiveBuffer(64 * 1024);
            assertThat(socket.memoryInfo().receiveBuffer()).isEqualTo(128 * 1024);
            socket.send(dumpOfLinks());

            assertThat(socket.memoryInfo().queuedBytes()).isPositive();
            assertThat(socket.memoryInfo().drops()).isZero();
        }
    }

    @Test
    public void shouldNameTheErrnoOfAProtocolThatIsNotThere() {
        assertThatThrownBy(() -> NetlinkSocket.open(31, 0))
                .isInstanceOf(LinuxException.class)
                .hasMessage("socket of netlink protocol 31 failed: EPROTONOSUPPORT");
    }

    private static byte[] dumpOfLinks() {
        ByteBuffer message = ByteBuffer.allocate(REQUEST_BYTES).order(ByteOrder.nativeOrder());
        message.putInt(REQUEST_BYTES).putShort((short) RTM_GETLINK).putShort((short) DUMP_REQUEST);
        return message.array();
    }
}
