// M/M/1 on ns-3's event scheduler (Debian: libns3-dev), which has no queues of
// its own. Prints a row as bench does.
//
// SPDX-License-Identifier: GPL-3.0-or-later
#include <ns3/core-module.h>

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <deque>
#include <sys/resource.h>

namespace
{

const uint64_t most = 1000000;

ns3::Ptr<ns3::ExponentialRandomVariable> gap, service;
std::deque<ns3::Time> waiting;
uint64_t done;
double sum;

ns3::Time draw(const ns3::Ptr<ns3::ExponentialRandomVariable> &variable)
{
    return ns3::NanoSeconds(static_cast<uint64_t>(variable->GetValue()));
}

void depart()
{
    sum += (ns3::Simulator::Now() - waiting.front()).GetSeconds();
    waiting.pop_front();
    if (++done == most)
        ns3::Simulator::Stop();
    else if (!waiting.empty())
        ns3::Simulator::Schedule(draw(service), &depart);
}

void arrive()
{
    waiting.push_back(ns3::Simulator::Now());
    if (waiting.size() == 1)
        ns3::Simulator::Schedule(draw(service), &depart);
    ns3::Simulator::Schedule(draw(gap), &arrive);
}

double cpu_s()
{
    timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

} // namespace

int main()
{
    gap = ns3::CreateObject<ns3::ExponentialRandomVariable>();
    gap->SetAttribute("Mean", ns3::DoubleValue(1e6 / 0.9));
    service = ns3::CreateObject<ns3::ExponentialRandomVariable>();
    service->SetAttribute("Mean", ns3::DoubleValue(1e6));
    ns3::Simulator::Schedule(draw(gap), &arrive);
    const double begin = cpu_s();
    ns3::Simulator::Run();
    const double span = cpu_s() - begin;
    ns3::Simulator::Destroy();
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    std::printf("mm1,ns-3,%.0f,,,%.1f\n", static_cast<double>(most) / span,
                static_cast<double>(usage.ru_maxrss) / 1024.0);
    return sum > 0.0 ? 0 : 1;
}
