// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.linux.NetlinkSocket;
import org.taskwatch.linux.connector.ProcMessage;

/// Beginning to listen to changes of ids, while the source of the fixture listens too.
public class IdChangesTest extends EbpfSourceFixture {
    @Test
    public void shouldBeAnsweredAlsoIfAStormHasOverflowedTheSocketBefore() throws Exception {
        NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.CONNECTOR, ProcMessage.GROUPS);
        socket.setReceiveBuffer(1); // the kernel makes it large enough for a few messages
        for (int i = 0; i < 5; i++) {
            run("/bin/true");
        }
        int drops = socket.memoryInfo().drops();

        try (IdChanges changes = IdChanges.open(socket)) {
            assertThat(drops).isPositive();
            assertThat(changes.takeLost()).isZero(); // since it was answered
        }
    }
}
