// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;

/// The lives of threads, as the programs in the kernel tell them: the same as the connector does.
@RunWith(PaxExam.class)
public class EbpfThreadsIT extends ThreadsIT {
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
