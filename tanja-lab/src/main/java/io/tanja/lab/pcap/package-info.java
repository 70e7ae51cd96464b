/** Reads captured packets: pcap files, link layers, IP, TCP, and streams put together again from segments. */
@NullMarked
package io.tanja.lab.pcap;

import org.jspecify.annotations.NullMarked;
