# weiss_target_sources(<stem>): compile options of <stem>_{aes128,vaes256,avx512}.cpp, which hold one source for
# three instruction sets. <stem>_portable.cpp keeps the flags of the module.
function(weiss_target_sources stem)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set(aes128 -msse4.2 -mpopcnt -maes)
    set(vaes256 ${aes128} -mavx2 -mvaes -mbmi -mbmi2)
    set(avx512 ${vaes256} -mavx512f -mavx512bw -mavx512dq -mavx512vl)
    foreach(target aes128 vaes256 avx512)
      set_source_files_properties(${stem}_${target}.cpp PROPERTIES COMPILE_OPTIONS "${${target}}")
    endforeach()
  endif()
endfunction()
