// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;

/// Nothing missing and nothing twice, as the programs in the kernel tell it: the same as the connector does.
@RunWith(PaxExam.class)
public class EbpfGapFreeIT extends GapFreeIT {
    @Configuration
    @Override
    public Option[] distribution() throws Exception {
        return distributionWithout();
    }

    @Override
    String source() {
        return "ebpf";
    }
}
